package dev.mixwell.client;

import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.Problem;
import dev.mixwell.api.RunName;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server, spoken to until it answers: lost connections, and problems that another try can end,
 * are tried again within a {@link RetryPolicy}. Every request of the contract is idempotent or
 * conditional, so trying again is always safe. Other problems are thrown as {@link
 * ProblemException}. Thread-safe.
 */
public final class MixwellClient implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_QUOTED_CHARS = 200;
  private static final int MAX_RETRY_AFTER_DIGITS = 6;

  private final Transport transport;
  private final RetryPolicy policy;

  public MixwellClient(URI base) {
    this(new Transport(base, Transport.Limits.DEFAULT), RetryPolicy.DEFAULT);
  }

  /**
   * @param transport closed with this client
   */
  public MixwellClient(Transport transport, RetryPolicy policy) {
    this.transport = transport;
    this.policy = policy;
  }

  /** A run by name, whether it exists or not. */
  public RunClient run(String name) {
    if (!RunName.isValid(name))
      throw new IllegalArgumentException("a run cannot be named `" + name + "`: " + RunName.RULE);
    return new RunClient(this, name);
  }

  /** The server's meters, in Prometheus' text form. */
  public String metrics() {
    Request request = request("GET", "/observe/metrics", null, Map.of("Accept", "text/plain"));
    return new String(exchange(request).body(), StandardCharsets.UTF_8);
  }

  RetryPolicy policy() {
    return policy;
  }

  /** Sends a JSON body, or none, and reads a JSON answer. */
  <T> T json(String method, String target, @Nullable Object body, Class<T> type) {
    return Json.read(exchange(request(method, target, body, Map.of())).body(), type);
  }

  Request request(
      String method, String target, @Nullable Object body, Map<String, String> headers) {
    var all = new TreeMap<>(headers);
    all.putIfAbsent("Accept", BatchHeaders.JSON);
    if (body != null) all.put("Content-Type", BatchHeaders.JSON);
    return new Request(
        method, target, all, body == null ? null : Json.writeBytes(body), ANSWER_TIMEOUT);
  }

  /**
   * A successful answer.
   *
   * @throws ProblemException for any other, {@code undecided} among them: only its caller knows
   *     what to do about it
   * @throws UncheckedIOException if the server was not to be reached within the policy, or the
   *     thread was interrupted
   */
  Response exchange(Request request) {
    long firstFailureNanos = 0;
    for (int failures = 1; ; failures++) {
      RuntimeException failure;
      long askedForMillis = 0;
      try {
        Response response = transport.send(request);
        if (response.isSuccess()) return response;
        ProblemException problem = problem(response);
        if (!isRetried(problem)) throw problem;
        failure = problem;
        askedForMillis = problem.retryAfterMillis();
      } catch (IOException e) {
        failure =
            new UncheckedIOException(
                transport + " does not answer " + request.target() + ": " + e.getMessage(), e);
      }
      if (failures == 1) firstFailureNanos = System.nanoTime();
      if (System.nanoTime() - firstFailureNanos > policy.giveUpAfter().toNanos()) throw failure;
      pause(policy.delayMillis(failures, askedForMillis), failure);
    }
  }

  /** An undecided step may wait for what this very client has to post: its caller knows. */
  private static boolean isRetried(ProblemException e) {
    return e.retryHelps() && !e.is(ProblemType.UNDECIDED);
  }

  /**
   * @throws UncheckedIOException if the thread is interrupted; {@code cause} is added to it
   */
  static void pause(long millis, RuntimeException cause) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var interrupted =
          new UncheckedIOException("interrupted between two tries", new InterruptedIOException());
      interrupted.addSuppressed(cause);
      throw interrupted;
    }
  }

  private static ProblemException problem(Response response) {
    return new ProblemException(body(response), retryAfterMillis(response.header("retry-after")));
  }

  private static Problem body(Response response) {
    String type = response.header("content-type");
    if (type != null && type.startsWith(BatchHeaders.PROBLEM_JSON)) {
      try {
        return Json.read(response.body(), Problem.class);
      } catch (Refusal notOurs) {
        return unknown(response);
      }
    }
    return unknown(response);
  }

  private static Problem unknown(Response response) {
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    String quoted = text.substring(0, Math.min(text.length(), MAX_QUOTED_CHARS));
    return new Problem(
        "about:blank",
        "An answer that is no problem of Mixwell's",
        response.status(),
        quoted,
        null,
        Map.of());
  }

  private static long retryAfterMillis(@Nullable String seconds) {
    boolean isNumber =
        seconds != null
            && !seconds.isEmpty()
            && seconds.length() <= MAX_RETRY_AFTER_DIGITS
            && seconds.chars().allMatch(Character::isDigit);
    return isNumber ? 1_000 * Long.parseLong(seconds) : 0;
  }

  @Override
  public void close() {
    transport.close();
  }
}
