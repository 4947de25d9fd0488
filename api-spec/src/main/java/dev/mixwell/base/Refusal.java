package dev.mixwell.base;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that cannot be done, and why: what, where and what to do. What was asked for has not
 * happened, and nothing of it; only a refused pull may have issued the decided steps before the
 * asked one, as it is said there. {@link ProblemType#STORAGE_FAILED} alone leaves open whether it
 * has happened. One class of the server turns it into {@code application/problem+json}.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ProblemType type;
  private final transient Map<String, Object> facts;

  public Refusal(ProblemType type, String detail) {
    this(type, detail, Map.of());
  }

  private Refusal(ProblemType type, String detail, Map<String, Object> facts) {
    super(detail, null, false, false);
    this.type = type;
    this.facts = facts;
  }

  /** This refusal and a member that a program can read, such as {@code upTo}. */
  public Refusal with(String name, Object value) {
    var more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new Refusal(type, detail(), Collections.unmodifiableMap(more));
  }

  public ProblemType type() {
    return type;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  /** The members, in the order in which they were added; nobody can change them. */
  public Map<String, Object> facts() {
    return facts;
  }
}
