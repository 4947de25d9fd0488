package dev.mixwell.base;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that cannot be done, and why: what, where and what to do. The state is as it was before
 * the request. Turned into {@code application/problem+json} in one place of the server.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ProblemType type;
  private final transient Map<String, Object> facts = new LinkedHashMap<>();

  public Refusal(ProblemType type, String detail) {
    super(detail, null, false, false);
    this.type = type;
  }

  /** Adds a member that a program can read, such as {@code upTo}. */
  public Refusal with(String name, Object value) {
    facts.put(name, value);
    return this;
  }

  public ProblemType type() {
    return type;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public Map<String, Object> facts() {
    return facts;
  }
}
