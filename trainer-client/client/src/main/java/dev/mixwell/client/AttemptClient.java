package dev.mixwell.client;

import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** One attempt's addresses. Thread-safe. Failures are those of {@link MixwellClient#exchange}. */
public final class AttemptClient {
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final MixwellClient client;
  private final String path;
  private final AttemptAnswer opened;

  AttemptClient(MixwellClient client, String runPath, AttemptAnswer opened) {
    this.client = client;
    this.path = runPath + "/attempts/" + opened.attempt();
    this.opened = opened;
  }

  public AttemptAnswer opened() {
    return opened;
  }

  /**
   * Pulls a batch.
   *
   * @param wait how long the server may hold the request while the step is undecided
   * @throws ProblemException {@code undecided} after that time, {@code fenced}, and others
   */
  public Batch batch(long step, int rank, Duration wait) {
    String target = path + "/steps/" + step + "/batch?rank=" + rank + "&wait=" + wait;
    var request =
        new Request(
            "GET", target, Map.of("Accept", BatchHeaders.SAFETENSORS), null, wait.plus(GRACE));
    Response response = client.exchange(request);
    String due = response.header(BatchHeaders.EVALUATE_AFTER.toLowerCase(Locale.ROOT));
    Batch batch = Batch.parse(response.body(), Boolean.parseBoolean(due));
    if (batch.step() != step || batch.rank() != rank || batch.attempt() != opened.attempt())
      throw new IllegalArgumentException(
          "asked for step %d, rank %d of attempt %d and got %d, %d, %d"
              .formatted(
                  step, rank, opened.attempt(), batch.step(), batch.rank(), batch.attempt()));
    return batch;
  }

  public FeedbackAnswer post(long step, FeedbackRequest feedback) {
    return client.json(
        "POST", path + "/steps/" + step + "/feedback", feedback, FeedbackAnswer.class);
  }

  RetryPolicy policy() {
    return client.policy();
  }
}
