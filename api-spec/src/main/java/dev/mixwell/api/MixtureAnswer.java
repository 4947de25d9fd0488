package dev.mixwell.api;

import java.util.List;

/**
 * The mixture as it stands at the newest attempt's last issued step.
 *
 * @param step that step; -1 before any
 * @param groups in the run's order
 */
public record MixtureAnswer(
    int attempt, long step, long upTo, long firstUndecided, String mixer, List<Share> groups) {
  /**
   * @param p what the mixer says
   * @param q what is sampled
   * @param rows delivered since the run began, in this lineage
   * @param askedRows asked for since the run began: the sum of q over seats
   * @param epochs how often the group's rows have been used up
   */
  public record Share(
      String group, double p, double q, long rows, double askedRows, double epochs) {}
}
