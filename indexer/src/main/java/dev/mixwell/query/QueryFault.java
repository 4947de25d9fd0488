package dev.mixwell.query;

/** A query that cannot be read, or that could mean two things: where, and what to write. */
public final class QueryFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int at;

  QueryFault(int at, String what) {
    super(what, null, false, false);
    this.at = at;
  }

  /** Where in the query, in UTF-16 units; its length for its end. */
  public int at() {
    return at;
  }

  public String what() {
    return String.valueOf(getMessage());
  }
}
