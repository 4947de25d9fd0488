package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A mixer to be tried on what a run has recorded.
 *
 * @param fromStep at which it would have taken effect; absent: where the mixer in force did
 * @param start {@code current} (default): from the proportions in force there; {@code own}: as its
 *     paper starts
 * @param follow whether to go on with what the run records from now on
 */
public record PreviewRequest(
    MixerSpec mixer, @Nullable Long fromStep, @Nullable String start, @Nullable Boolean follow) {
  public PreviewRequest {
    if (mixer == null)
      throw new Refusal(
          ProblemType.INVALID_MIXER, "`mixer` is missing: {\"name\": ..., \"parameters\": {...}}.");
    mixer.check();
    if (fromStep != null && fromStep < 0)
      throw new Refusal(
          ProblemType.INVALID_OPERATION, "`fromStep` is " + fromStep + "; it starts at 0.");
  }

  public boolean follows() {
    return follow != null && follow;
  }
}
