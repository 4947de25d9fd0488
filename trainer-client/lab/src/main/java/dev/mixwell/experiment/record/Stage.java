package dev.mixwell.experiment.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mixwell.api.MixerSpec;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One run to be made for an arm and a seed.
 *
 * @param name of the run, before a number that tells it from an interrupted one
 * @param steps to train
 * @param reference the folder of checkpoints whose newest is the trainer's frozen reference model;
 *     null for none
 * @param keepsModel whether the trained model is kept
 */
public record Stage(
    String name,
    Role role,
    long seed,
    MixerSpec mixer,
    long steps,
    @Nullable Path reference,
    boolean keepsModel) {
  /** What a run is for. */
  public enum Role {
    /** Short, on one group alone: a row of Skill-It's graph. */
    @JsonProperty("graph")
    GRAPH,
    /** Finds the proportions that the main run then has throughout. */
    @JsonProperty("proxy")
    PROXY,
    /** What is compared. */
    @JsonProperty("main")
    MAIN
  }
}
