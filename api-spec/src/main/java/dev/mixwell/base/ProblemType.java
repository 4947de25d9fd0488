package dev.mixwell.base;

import java.util.Locale;

/**
 * Everything a caller can act on, as RFC 9457 problem types. Append-only: a URI, once published,
 * keeps its meaning.
 *
 * <p>The URI is {@code urn:mixwell:problem:} and the constant's name in lower case with hyphens.
 */
public enum ProblemType {
  MALFORMED_REQUEST(400, "The request cannot be read", Blame.CLIENT, false),
  NOT_FOUND(404, "There is nothing at this address", Blame.CLIENT, false),
  RUN_NOT_FOUND(404, "There is no such run", Blame.CLIENT, false),
  ATTEMPT_NOT_FOUND(404, "There is no such attempt", Blame.CLIENT, false),
  GROUP_NOT_FOUND(404, "There is no such group", Blame.CLIENT, false),
  STEP_OF_ANOTHER_ATTEMPT(404, "This step belongs to an earlier attempt", Blame.CLIENT, false),
  METHOD_NOT_ALLOWED(405, "This address does not take that method", Blame.CLIENT, false),
  NOT_ACCEPTABLE(406, "No body of the accepted types can be made", Blame.CLIENT, false),
  FENCED(409, "A newer attempt has taken over", Blame.CLIENT, false),
  RUN_FINISHED(409, "The run is finished", Blame.CLIENT, false),
  RUN_CONFLICT(409, "The run exists with another configuration", Blame.CLIENT, false),
  LAUNCH_CONFLICT(
      409, "This launchId has opened an attempt with other values", Blame.CLIENT, false),
  FEEDBACK_CONFLICT(409, "Other feedback is recorded under this key", Blame.CLIENT, false),
  NOT_ISSUED(409, "The step is not issued in this attempt", Blame.CLIENT, false),
  STEP_CLOSED(409, "The step is closed", Blame.CLIENT, false),
  ALREADY_ISSUED(409, "The effective step is already issued", Blame.OPERATOR, false),
  DATA_DIRECTORY_IN_USE(409, "Another server owns the data directory", Blame.OPERATOR, false),
  DATA_EXHAUSTED(410, "The data of the run is used up", Blame.OPERATOR, false),
  PRECONDITION_FAILED(412, "The state has changed since it was read", Blame.OPERATOR, true),
  PAYLOAD_TOO_LARGE(413, "The body is too large", Blame.CLIENT, false),
  INVALID_RUN(422, "The run's configuration cannot be used", Blame.OPERATOR, false),
  BAD_INPUT(422, "The input cannot be indexed", Blame.OPERATOR, false),
  INVALID_QUERY(422, "The group's query cannot be used", Blame.OPERATOR, false),
  TOO_FEW_HELD_OUT(422, "A group has too few held-out rows", Blame.OPERATOR, false),
  WORLD_NOT_DIVISIBLE(
      422, "The batch cannot be shared equally among the ranks", Blame.OPERATOR, false),
  RANK_OUT_OF_RANGE(422, "There is no such rank in this attempt", Blame.CLIENT, false),
  PARENT_AMBIGUOUS(422, "More than one attempt could be the parent", Blame.CLIENT, false),
  PARENT_NOT_REACHED(
      422, "The parent attempt never issued the step before fromStep", Blame.CLIENT, false),
  BAD_FEEDBACK(422, "The feedback cannot be used", Blame.CLIENT, false),
  INVALID_MIXER(422, "The mixer cannot be used", Blame.OPERATOR, false),
  INVALID_OPERATION(422, "The operation cannot be used", Blame.OPERATOR, false),
  NOT_PREVIEWABLE(
      422, "What the mixer needs was not recorded at these steps", Blame.OPERATOR, false),
  PRECONDITION_REQUIRED(428, "The change must name the state it is based on", Blame.OPERATOR, true),
  TOO_MANY_REQUESTS(429, "The server is at a limit", Blame.CLIENT, true),
  INTERNAL(500, "The server failed in a way it should not", Blame.SERVER, false),
  SHARD_DAMAGED(500, "A shard differs from what was indexed", Blame.SERVER, false),
  INDEX_DAMAGED(500, "The index differs from what was written", Blame.SERVER, false),
  EXTENTS_DAMAGED(500, "A group's extents differ from what the run pinned", Blame.SERVER, false),
  INDEX_MISMATCH(500, "The index is not the one the run is pinned to", Blame.OPERATOR, false),
  TIMELINE_DAMAGED(500, "The run's timeline is damaged", Blame.SERVER, false),
  UNDECIDED(503, "The step waits for feedback", Blame.CLIENT, true),
  STORAGE_FAILED(503, "The timeline could not be written", Blame.SERVER, true),
  SHARD_UNREACHABLE(503, "A shard cannot be reached", Blame.OPERATOR, true);

  /** Who can mend it. */
  public enum Blame {
    CLIENT,
    OPERATOR,
    SERVER
  }

  private final int status;
  private final String title;
  private final Blame blame;
  private final boolean retryHelps;

  ProblemType(int status, String title, Blame blame, boolean retryHelps) {
    this.status = status;
    this.title = title;
    this.blame = blame;
    this.retryHelps = retryHelps;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public Blame blame() {
    return blame;
  }

  /** Whether the same request can succeed later without anybody changing it. */
  public boolean retryHelps() {
    return retryHelps;
  }

  /** The short name, such as {@code step-closed}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String uri() {
    return "urn:mixwell:problem:" + slug();
  }
}
