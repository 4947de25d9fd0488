package dev.mixwell.experiment.record;

import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.RunName;
import org.jspecify.annotations.Nullable;

/**
 * One of the mixers that are compared, and how its run is prepared.
 *
 * @param reference the arm whose finished model of the same seed is the frozen reference model of
 *     this arm's trainer (DoReMi)
 * @param thenStatic train once more from the start, with the mixer's running average as fixed
 *     proportions; that second run is what is compared (DoReMi's third step)
 * @param learnGraph fill the mixer's parameter {@code graph} first, by short runs on each group
 *     alone (Skill-It)
 */
public record Arm(
    String name,
    MixerSpec mixer,
    @Nullable String reference,
    Boolean thenStatic,
    @Nullable LearnGraph learnGraph) {
  public static final String GRAPH = "graph";
  private static final int MAX_NAME_CHARS = 40; // what is added to it makes a run's name

  /**
   * @param steps of each short run
   */
  public record LearnGraph(Integer steps) {
    public LearnGraph {
      if (steps == null || steps < 1)
        throw new InvalidExperiment("`learnGraph.steps` is " + steps + "; use 1 or more.");
    }
  }

  public Arm {
    thenStatic = thenStatic == null ? false : thenStatic;
    if (name == null || !RunName.isValid(name) || name.length() > MAX_NAME_CHARS)
      throw new InvalidExperiment(
          "an arm is named `" + name + "`; use 1 to 40 of A-Z a-z 0-9 _ - . and no leading dot");
    if (mixer == null)
      throw new InvalidExperiment(
          "the arm `" + name + "` has no `mixer`: write `mixer: {name: stratified}`, say.");
    mixer.check();
    if (learnGraph != null && mixer.parameters().containsKey(GRAPH))
      throw new InvalidExperiment(
          "the arm `" + name + "` has a `graph` and a `learnGraph`: leave one of them out.");
  }
}
