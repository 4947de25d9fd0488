package dev.mixwell.base;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything a caller can act on, as RFC 9457 problem types. Append-only: a URI, once published,
 * keeps its meaning.
 *
 * <p>The URI is {@code urn:mixwell:problem:} and the constant's name in lower case with hyphens.
 *
 * <p>This is the only place that says whether a problem is asked for again: the server's {@code
 * Retry-After} and the Java client read it, and the Python client's table is made from it ({@code
 * PythonContractTest}).
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
  DATA_DIRECTORY_IN_USE("Another server owns the data directory"),
  DATA_EXHAUSTED(410, "The data of the run is used up", Blame.OPERATOR, false),
  PRECONDITION_FAILED(412, "The state has changed since it was read", Blame.OPERATOR, false),
  PAYLOAD_TOO_LARGE(413, "The body is too large", Blame.CLIENT, false),
  INVALID_RUN(422, "The run's configuration cannot be used", Blame.OPERATOR, false),
  BAD_INPUT("The input cannot be indexed"),
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
  PRECONDITION_REQUIRED(
      428, "The change must name the state it is based on", Blame.OPERATOR, false),
  TOO_MANY_REQUESTS(429, "The server is at a limit", Blame.CLIENT, true),
  INTERNAL(500, "The server failed in a way it should not", Blame.SERVER, false),
  SHARD_DAMAGED(500, "A shard differs from what was indexed", Blame.OPERATOR, false),
  INDEX_DAMAGED(500, "The index differs from what was written", Blame.OPERATOR, false),
  EXTENTS_DAMAGED(500, "A group's extents differ from what the run pinned", Blame.OPERATOR, false),
  INDEX_MISMATCH(500, "The index is not the one the run is pinned to", Blame.OPERATOR, false),
  TIMELINE_DAMAGED(500, "The run's timeline is damaged", Blame.OPERATOR, false),
  UNDECIDED(503, "The step waits for feedback", Blame.CLIENT, true),
  STORAGE_FAILED(503, "The timeline could not be written", Blame.OPERATOR, true),
  SHARD_UNREACHABLE(503, "A shard cannot be reached", Blame.OPERATOR, true),
  MIXER_VERSION(409, "The run's mixer has another version here", Blame.OPERATOR, false);

  /** Who can mend it. */
  public enum Blame {
    /** Who sent the request, by sending another. */
    CLIENT,
    /** Who configures runs and looks after the server, its files and its machine. */
    OPERATOR,
    /** Only who changes the program. */
    SERVER
  }

  private static final int NOT_SENT = 0;

  /**
   * What a proxy answers while it does not reach the server (502, 503, 504), and while it or the
   * server is at a limit (429).
   */
  // Decides no byte: a status is looked up, and nobody iterates.
  private static final Set<Integer> RETRIED_STATUSES = Set.of(429, 502, 503, 504);

  private static final Map<String, ProblemType> BY_URI =
      // Decides no byte: as above.
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ProblemType::uri, t -> t));

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

  /** A problem that a command prints and no server sends. */
  ProblemType(String title) {
    this(NOT_SENT, title, Blame.OPERATOR, false);
  }

  /** The type with this URI; null if there is none. */
  public static @Nullable ProblemType of(String uri) {
    return BY_URI.get(uri);
  }

  /**
   * Whether an answer that has no type of ours is worth asking for again. A proxy made it, so that
   * only its status says why.
   */
  public static boolean retryHelps(int status) {
    return RETRIED_STATUSES.contains(status);
  }

  /** The statuses for which {@link #retryHelps(int)} is true. */
  public static Set<Integer> retriedStatuses() {
    return RETRIED_STATUSES;
  }

  /** Whether a server sends it. Others are met by commands alone. */
  public boolean isSent() {
    return status != NOT_SENT;
  }

  /** The status of HTTP; 0 for one that is never sent. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /**
   * For clients, which have it in tables made from this one: the server itself treats all alike.
   */
  public Blame blame() {
    return blame;
  }

  /**
   * Whether the same request can succeed later without anybody changing it.
   *
   * <p>{@link #UNDECIDED} waits for feedback that the asker itself may owe. A client therefore
   * hands it to its caller, who knows what was posted, and does not try it again by itself.
   */
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
