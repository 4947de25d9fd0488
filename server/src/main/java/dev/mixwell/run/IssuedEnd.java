package dev.mixwell.run;

import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Position;

/**
 * Where the issued steps of the newest attempt end. Immutable.
 *
 * @param upTo the first step that is not issued
 */
public record IssuedEnd(int attempt, long upTo, Position position, Proportions q) {
  public int groups() {
    return q.size();
  }

  /** Rows of a group in all steps below upTo. */
  public long rows(int group) {
    return position.rows(group);
  }

  /** The group's share of the last issued step. */
  public double share(int group) {
    return q.share(group);
  }
}
