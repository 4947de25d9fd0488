package dev.mixwell.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

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
  EXCESS,
  /** Sums of loss - reference loss, not clipped (DoReMi as arXiv 2411.05735 re-implemented it). */
  @JsonProperty("difference")
  DIFFERENCE,
  /** Inner products of the groups' gradients (DoGE). Of one reporter: ranks' do not add. */
  @JsonProperty("alignment")
  ALIGNMENT;

  /** As in JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
