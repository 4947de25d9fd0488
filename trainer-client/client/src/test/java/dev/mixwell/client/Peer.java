package dev.mixwell.client;

import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.client.FaultyServer.Answer;
import dev.mixwell.client.FaultyServer.Fault;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A small server of one run that keeps the contract's rules of order (what waits for what, what is
 * fenced) and makes up its tokens: each group repeats a pattern of its own. It fails as told, by
 * {@link FaultyServer}. Thread-safe by its one lock.
 */
public final class Peer implements AutoCloseable {
  public record Posted(int attempt, long step, FeedbackRequest feedback) {}

  public static final int VOCABULARY = 24;

  private static final int HELD_OUT_SEED = 1 << 20;

  private final RunSpec spec;
  private final FaultyServer server;
  public final ConcurrentLinkedQueue<Fault> faults;
  private final List<Posted> posts = new ArrayList<>();
  private final List<AttemptRequest> attempts = new ArrayList<>();
  private final Set<Long> closed = ConcurrentHashMap.newKeySet();
  private final Map<Posted, Integer> tries = new HashMap<>();
  private long highestPulled = -1;

  /**
   * Steps that cannot be served before validation at them is posted; tests set these before they
   * pull.
   */
  public volatile LongPredicate boundary = step -> false;

  /** Whether headers announce boundaries. */
  public volatile boolean announces = true;

  /** What the mixer waits for, L steps behind; null for nothing. */
  public volatile @Nullable FeedbackKind awaits;

  /** The first step at which it waits for that. */
  public volatile long awaitsFrom;

  /** What batches are weighed by, as JSON; null for nothing. */
  public volatile @Nullable String lossWeights;

  /** How often each post is answered 503 before it is recorded. */
  public volatile int busyTries;

  /** Told a step just before its post is recorded. */
  public volatile LongConsumer beforePost = step -> {};

  /** Whether posts with groups in them are refused. */
  public volatile boolean refusesGroups;

  public Peer(RunSpec spec) throws IOException {
    this.spec = spec;
    server = new FaultyServer(this::answer);
    faults = server.faults;
  }

  /** Two groups in turn, rows of {@code rowTokens}. */
  public static RunSpec spec(int batchRows, int rowTokens, int lookahead) {
    var groups = List.of(new RunSpec.Group("even", "*:*"), new RunSpec.Group("odd", "*:*"));
    return RunSpec.draft(1, groups, batchRows, rowTokens)
        .lookahead(lookahead)
        .validationRows(6)
        .spec();
  }

  public URI uri() {
    return server.uri();
  }

  public synchronized List<Posted> posts() {
    return List.copyOf(posts);
  }

  public synchronized List<AttemptRequest> attempts() {
    return List.copyOf(attempts);
  }

  public synchronized long highestPulled() {
    return highestPulled;
  }

  public int connections() {
    return server.connections();
  }

  /** Says 409 {@code step-closed} to later posts for that step. */
  public void close(long step) {
    closed.add(step);
  }

  /**
   * A row's tokens: group 0 repeats a cycle of 5, group 1 one of 7, from a start that the row's
   * number decides.
   */
  public static int[] row(int group, long number, int rowTokens) {
    int[] tokens = new int[rowTokens + 1];
    int cycle = 5 + 2 * group;
    for (int i = 0; i <= rowTokens; i++) tokens[i] = 10 * group + (int) ((number * 3 + i) % cycle);
    return tokens;
  }

  // ---- the addresses

  /** What answers one address of the contract. */
  private interface Action {
    /**
     * @param at the numbers and names in the address, in its order
     */
    Answer answer(List<String> at, String query, byte[] body);
  }

  private record Route(String method, Pattern path, Action action) {
    static Route of(String method, String path, Action action) {
      return new Route(method, Pattern.compile(path.replaceAll("\\{\\w+\\}", "([^/]+)")), action);
    }
  }

  /** The addresses that there are; a new one is a line here. */
  private final List<Route> routes =
      List.of(
          Route.of("PUT", "/v1/runs/{run}", (_, _, _) -> Answer.json(describe())),
          Route.of("GET", "/v1/runs/{run}", (_, _, _) -> Answer.json(describe())),
          Route.of("GET", "/v1/runs/{run}/mixer", (_, _, _) -> Answer.json(mixer())),
          Route.of(
              "POST",
              "/v1/runs/{run}/attempts",
              (_, _, body) -> Answer.json(open(Json.read(body, AttemptRequest.class)))),
          Route.of(
              "POST",
              "/v1/runs/{run}/attempts/{attempt}/steps/{step}/feedback",
              (at, _, body) ->
                  Answer.json(post(attempt(at), step(at), Json.read(body, FeedbackRequest.class)))),
          Route.of(
              "GET",
              "/v1/runs/{run}/attempts/{attempt}/steps/{step}/batch",
              (at, _, _) -> batch(attempt(at), step(at))),
          Route.of(
              "GET",
              "/v1/runs/{run}/validation/{group}",
              (at, query, _) -> heldOut(at.get(1), query)));

  private static int attempt(List<String> at) {
    return Integer.parseInt(at.get(1));
  }

  private static long step(List<String> at) {
    return Long.parseLong(at.get(2));
  }

  private synchronized Answer answer(String method, URI asked, byte[] body) {
    try {
      for (Route route : routes) {
        Matcher path = route.path().matcher(asked.getPath());
        if (!route.method().equals(method) || !path.matches()) continue;
        var at = new ArrayList<String>();
        for (int i = 1; i <= path.groupCount(); i++) at.add(path.group(i));
        return route.action().answer(at, String.valueOf(asked.getQuery()), body);
      }
      throw new Refusal(
          ProblemType.NOT_FOUND, "Peer has no route for %s %s".formatted(method, asked));
    } catch (Refusal refusal) {
      return Answer.problem(refusal);
    }
  }

  // ---- the run

  private RunAnswer describe() {
    return new RunAnswer(
        "demo",
        spec,
        new RunAnswer.Tokenizer("made-up", VOCABULARY, 0),
        List.of(),
        List.of(),
        attempts.size() - 1,
        0,
        false);
  }

  private MixerAnswer mixer() {
    var view = new MixerView("made-up", Map.of(), 1, -1, 0, awaitsFrom > 0 ? null : awaits);
    return new MixerAnswer("0", 0, view, Map.of(), List.of(), List.of(), List.of());
  }

  private AttemptAnswer open(AttemptRequest request) {
    int number = attempts.indexOf(request);
    if (number < 0) {
      number = attempts.size();
      attempts.add(request);
    }
    boolean due =
        boundary.test(request.fromStep()) && !isPosted(FeedbackKind.VALIDATION, request.fromStep());
    return new AttemptAnswer(
        number, request.fromStep(), request.world(), request.parent(), due, List.of());
  }

  private boolean isPosted(FeedbackKind kind, long step) {
    return posts.stream().anyMatch(p -> p.feedback.kind() == kind && p.step == step);
  }

  private void refuseIfFenced(int attempt) {
    if (attempt != attempts.size() - 1)
      throw new Refusal(ProblemType.FENCED, "attempt " + attempt + " was superseded");
  }

  private FeedbackAnswer post(int attempt, long step, FeedbackRequest feedback) {
    refuseIfFenced(attempt);
    var posted = new Posted(attempt, step, feedback);
    if (posts.contains(posted)) return new FeedbackAnswer(true, 0);
    if (closed.contains(step)) throw new Refusal(ProblemType.STEP_CLOSED, "closed");
    if (refusesGroups && !feedback.groups().isEmpty())
      throw new Refusal(ProblemType.BAD_FEEDBACK, "no mixer can use this");
    if (step > highestPulled + (feedback.kind() == FeedbackKind.VALIDATION ? 1 : 0))
      throw new Refusal(ProblemType.NOT_ISSUED, "step " + step + " is not issued");
    if (tries.merge(posted, 1, Integer::sum) <= busyTries)
      throw new Refusal(ProblemType.STORAGE_FAILED, "try again");
    beforePost.accept(step);
    posts.add(posted);
    return new FeedbackAnswer(false, 0);
  }

  private Answer batch(int attempt, long step) {
    refuseIfFenced(attempt);
    if (boundary.test(step) && !isPosted(FeedbackKind.VALIDATION, step))
      throw undecided("validation", step);
    long decidedBy = step - spec.lookahead();
    FeedbackKind kind = step < awaitsFrom ? null : awaits;
    if (kind != null
        && kind != FeedbackKind.VALIDATION
        && decidedBy >= Math.max(awaitsFrom, attempts.get(attempt).fromStep())
        && !isPosted(kind, decidedBy)) throw undecided(kind.label(), decidedBy);
    highestPulled = Math.max(highestPulled, step);
    String facts =
        "\"run\":\"demo\",\"attempt\":\"%d\",\"step\":\"%d\",\"rank\":\"0\",\"groups\":\"[\\\"even\\\",\\\"odd\\\"]\",\"mixer\":\"stratified\""
            .formatted(attempt, step);
    if (kind != null) facts += ",\"awaits\":\"" + kind.label() + "\"";
    if (lossWeights != null) facts += ",\"lossWeights\":\"" + lossWeights + "\"";
    var headers = new TreeMap<String, String>();
    headers.put("Content-Type", BatchHeaders.SAFETENSORS);
    headers.put(BatchHeaders.EVALUATE_AFTER, String.valueOf(announces && boundary.test(step + 1)));
    return new Answer(200, headers, rows(facts, step * spec.batchRows(), spec.batchRows(), -1));
  }

  private static Refusal undecided(String kind, long step) {
    return new Refusal(ProblemType.UNDECIDED, "wait")
        .with("missing", Map.of("kind", kind, "step", step, "ranks", List.of()));
  }

  private Answer heldOut(String group, String query) {
    int from = Integer.parseInt(query.replaceAll(".*from=(\\d+).*", "$1"));
    int count = Integer.parseInt(query.replaceAll(".*count=(\\d+).*", "$1"));
    byte[] body =
        rows(
            "\"groups\":\"[\\\"even\\\",\\\"odd\\\"]\"",
            HELD_OUT_SEED + from,
            count,
            group.equals("odd") ? 1 : 0);
    return new Answer(200, Map.of("Content-Type", BatchHeaders.SAFETENSORS), body);
  }

  /**
   * @param group of all rows; -1 for both in turn
   */
  private byte[] rows(String facts, long firstRow, int count, int group) {
    int[][] tokens = new int[count][];
    int[] groups = new int[count];
    for (int i = 0; i < count; i++) {
      groups[i] = group < 0 ? i % 2 : group;
      tokens[i] = row(groups[i], firstRow + i, spec.rowTokens());
    }
    return Bodies.body(facts, false, tokens, groups);
  }

  @Override
  public void close() {
    server.close();
  }
}
