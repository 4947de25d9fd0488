package dev.mixwell.mixer;

/**
 * How the proportions of a step are decided, by its offset: steps since the mixer took effect,
 * 0-based. It depends on the mixer's configuration, never on its state.
 */
public sealed interface Phase {
  /** The start's proportions for the first L steps, then those of the close L steps earlier. */
  record Online() implements Phase {}

  /** The start's proportions throughout; nothing is waited for. */
  record Constant() implements Phase {}

  /** What a schedule fixes for this step; nothing is waited for. */
  record Scheduled(Proportions p) implements Phase {}

  /**
   * A row of a probe schedule.
   *
   * @param p what this step samples
   * @param segmentStart whether the composition's carry is reset before this step
   * @param roundStart offset of the step at which the round began: its successor-proportions are
   *     those in force before it
   */
  record Probe(Proportions p, boolean segmentStart, long roundStart) implements Phase {}

  /**
   * What the boundary closed at this offset decided. Steps are held up by it from that offset on: a
   * trainer that is past a boundary cannot evaluate there any more.
   */
  record AfterBoundary(long boundaryOffset) implements Phase {}
}
