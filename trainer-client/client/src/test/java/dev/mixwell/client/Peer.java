package dev.mixwell.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.BatchHeaders;
import dev.mixwell.api.FeedbackAnswer;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.MixerAnswer;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.Problem;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A small server of one run that keeps the contract's rules of order (what waits for what, what is
 * fenced) and makes up its tokens: each group repeats a pattern of its own. It fails as told: cuts
 * connections, answers 503 or 502. Thread-safe by its one lock.
 */
public final class Peer implements AutoCloseable {
  /** What is to go wrong with one request. */
  public enum Fault {
    NONE,
    /** The connection ends before the answer; the request is done. */
    LOST,
    /** The connection ends in the middle of the answer; the request is done. */
    CUT,
    /** 503, and nothing is done. */
    BUSY,
    /** 502 of a proxy in between, and nothing is done. */
    UNREACHED
  }

  public record Posted(int attempt, long step, FeedbackRequest feedback) {}

  public static final int VOCABULARY = 24;

  private static final int HELD_OUT_SEED = 1 << 20;

  private final RunSpec spec;
  private final HttpServer server;
  private final Set<Object> connections = ConcurrentHashMap.newKeySet();
  public final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
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
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
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
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
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
    return connections.size();
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

  // ---- HTTP

  private void handle(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress());
    byte[] body = exchange.getRequestBody().readAllBytes();
    Fault fault = faults.isEmpty() ? Fault.NONE : faults.poll();
    if (fault == Fault.BUSY) {
      exchange.getResponseHeaders().set("Retry-After", "0");
      send(exchange, problem(new Refusal(ProblemType.STORAGE_FAILED, "try again")));
      return;
    }
    if (fault == Fault.UNREACHED) {
      send(
          exchange,
          new Answer(
              502, Map.of("Content-Type", "text/html"), "<html>".getBytes(StandardCharsets.UTF_8)));
      return;
    }
    Answer answer = answer(exchange, body);
    switch (fault) {
      case LOST -> exchange.close();
      case CUT -> cut(exchange, answer);
      default -> send(exchange, answer);
    }
  }

  private record Answer(int status, Map<String, String> headers, byte[] body) {}

  private static void cut(HttpExchange exchange, Answer answer) throws IOException {
    exchange.sendResponseHeaders(answer.status, answer.body.length);
    exchange.getResponseBody().write(answer.body, 0, answer.body.length / 2);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  /** Bodies of an even length travel in chunks, so that both framings are met. */
  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status, answer.body.length % 2 == 0 ? 0 : answer.body.length);
    exchange.getResponseBody().write(answer.body);
    exchange.close();
  }

  private static Answer problem(Refusal refusal) {
    return new Answer(
        refusal.type().status(),
        Map.of("Content-Type", BatchHeaders.PROBLEM_JSON),
        Json.writeBytes(Problem.of(refusal, null)));
  }

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
          Route.of("PUT", "/v1/runs/{run}", (_, _, _) -> json(describe())),
          Route.of("GET", "/v1/runs/{run}", (_, _, _) -> json(describe())),
          Route.of("GET", "/v1/runs/{run}/mixer", (_, _, _) -> json(mixer())),
          Route.of(
              "POST",
              "/v1/runs/{run}/attempts",
              (_, _, body) -> json(open(Json.read(body, AttemptRequest.class)))),
          Route.of(
              "POST",
              "/v1/runs/{run}/attempts/{attempt}/steps/{step}/feedback",
              (at, _, body) ->
                  json(post(attempt(at), step(at), Json.read(body, FeedbackRequest.class)))),
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

  private synchronized Answer answer(HttpExchange exchange, byte[] body) {
    URI asked = exchange.getRequestURI();
    try {
      for (Route route : routes) {
        Matcher path = route.path().matcher(asked.getPath());
        if (!route.method().equals(exchange.getRequestMethod()) || !path.matches()) continue;
        var at = new ArrayList<String>();
        for (int i = 1; i <= path.groupCount(); i++) at.add(path.group(i));
        return route.action().answer(at, String.valueOf(asked.getQuery()), body);
      }
      throw new Refusal(
          ProblemType.NOT_FOUND,
          "Peer has no route for %s %s".formatted(exchange.getRequestMethod(), asked));
    } catch (Refusal refusal) {
      return problem(refusal);
    }
  }

  private static Answer json(Object value) {
    return new Answer(200, Map.of("Content-Type", BatchHeaders.JSON), Json.writeBytes(value));
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
    server.stop(0);
  }
}
