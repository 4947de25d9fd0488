package dev.mixwell.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a post of the trainer reports. */
public enum FeedbackKind {
  /** Loss sums of the step's own rows. */
  @JsonProperty("train")
  TRAIN,
  /** Loss sums of the held-out rows, by the model after k optimizer steps, before step k. */
  @JsonProperty("validation")
  VALIDATION,
  /** Sums of max(loss - reference loss, 0), clipped token by token (DoReMi). */
  @JsonProperty("excess")
  EXCESS
}
