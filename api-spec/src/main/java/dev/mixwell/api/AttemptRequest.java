package dev.mixwell.api;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One launch of the trainer.
 *
 * @param fromStep the first step it asks for: 0, or the step of its checkpoint
 * @param world data-parallel ranks
 * @param launchId new for each launch; a repeated request with the same id returns the same attempt
 * @param parent the attempt of the checkpoint; may be left out while there is no doubt
 */
public record AttemptRequest(long fromStep, int world, String launchId, @Nullable Integer parent) {
  private static final Pattern LAUNCH_ID = Pattern.compile("[!-~]{1,200}");

  public AttemptRequest {
    if (launchId == null || !LAUNCH_ID.matcher(launchId).matches())
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST,
          "`launchId` must be 1 to 200 printable ASCII characters, new for each launch (a UUID, say).");
    if (fromStep < 0)
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST, "`fromStep` is " + fromStep + "; it starts at 0.");
    if (world < 1)
      throw new Refusal(
          ProblemType.MALFORMED_REQUEST, "`world` is " + world + "; it is at least 1.");
  }
}
