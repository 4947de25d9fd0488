package dev.mixwell.client;

import dev.mixwell.api.Problem;
import dev.mixwell.base.ProblemType;
import java.util.Map;

/** The server's refusal, as it was sent. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final long retryAfterMillis;

  ProblemException(Problem problem, long retryAfterMillis) {
    super(problem.status() + " " + problem.title() + ": " + problem.detail());
    this.problem = problem;
    this.retryAfterMillis = retryAfterMillis;
  }

  public Problem problem() {
    return problem;
  }

  public boolean is(ProblemType type) {
    return type.uri().equals(problem.type());
  }

  /** Whether the same request can succeed later without anybody changing it. */
  public boolean retryHelps() {
    ProblemType type = ProblemType.of(problem.type());
    return type == null ? ProblemType.retryHelps(problem.status()) : type.retryHelps();
  }

  /** 0 if the server asked for nothing. */
  public long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** Whether the step is undecided for want of validation losses at it. */
  boolean awaitsValidationAt(long step) {
    if (!is(ProblemType.UNDECIDED)
        || !(problem.facts().get("missing") instanceof Map<?, ?> missing)) return false;
    return "validation".equals(missing.get("kind"))
        && missing.get("step") instanceof Number at
        && at.longValue() == step;
  }
}
