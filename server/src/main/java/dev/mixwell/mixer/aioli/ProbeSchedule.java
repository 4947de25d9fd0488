package dev.mixwell.mixer.aioli;

/**
 * When Aioli probes (arXiv 2411.05735, algorithm 2), by offset: steps since it took effect.
 *
 * <pre>
 *  0            initialSteps                                     + roundSteps
 *  | initial p  | segment 0 | segment 1 | ... | segment K-1 | main  | segment 0 | ...
 *               ^           ^           ^     ^             ^       ^
 *               boundaries: validation losses before and after each segment
 * </pre>
 *
 * <p>K = sweeps x m segments. Immutable.
 *
 * @param groups m
 * @param initialSteps served before the first round
 * @param roundSteps of one round, probes and main part
 * @param sweeps k: times that a round probes each group
 * @param segmentSteps q: steps of one probe
 * @param rounds after which the last proportions are held; 0 for no end
 */
record ProbeSchedule(
    int groups, long initialSteps, long roundSteps, int sweeps, int segmentSteps, long rounds) {

  /** Segments of a round (K). */
  int segments() {
    return sweeps * groups;
  }

  /** Steps of a round before its main part. */
  long probeSteps() {
    return (long) segments() * segmentSteps;
  }

  /** The round that a step belongs to; -1 before the first. */
  long round(long offset) {
    if (offset < initialSteps) return -1;
    long round = (offset - initialSteps) / roundSteps;
    return rounds > 0 ? Math.min(round, rounds - 1) : round;
  }

  /** Offset of a round's first step. */
  long start(long round) {
    return initialSteps + round * roundSteps;
  }

  /** The segment of a probe step, or of the boundary at its start; K or more in the main part. */
  long segment(long offset) {
    return (offset - start(round(offset))) / segmentSteps;
  }

  boolean isProbe(long offset) {
    return offset >= initialSteps && offset - start(round(offset)) < probeSteps();
  }

  boolean isSegmentStart(long offset) {
    return (offset - start(round(offset))) % segmentSteps == 0;
  }

  /** Whether a segment begins or the last one ends here. */
  boolean isBoundary(long offset) {
    if (offset < initialSteps) return false;
    long inRound = offset - start(round(offset));
    return inRound <= probeSteps() && inRound % segmentSteps == 0;
  }

  /** The boundary whose close decides the main part of a round. */
  long decisive(long round) {
    return start(round) + probeSteps();
  }
}
