package dev.mixwell.run;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.GroupAlignment;
import dev.mixwell.api.GroupFeedback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One launch of a simulated trainer, all its ranks. Its model is a hash of the rows it was trained
 * on, and its losses are hashes of the model.
 */
final class SimJob {
  /**
   * What a trainer keeps on disk.
   *
   * @param attempt that trained up to it; null before the first
   * @param history the rows of each step
   */
  record Checkpoint(
      @Nullable Integer attempt, long step, long model, TreeMap<Long, long[]> history) {}

  /** Feedback to be sent until it is acknowledged. */
  static final class Post {
    final FeedbackKind kind;
    final long step;
    final int rank;
    FeedbackRequest request;
    boolean acknowledged;

    Post(FeedbackKind kind, long step, int rank, FeedbackRequest request) {
      this.kind = kind;
      this.step = step;
      this.rank = rank;
      this.request = request;
    }

    boolean isOpenValidation() {
      return kind == FeedbackKind.VALIDATION && !acknowledged;
    }

    /** The same with other sums. */
    FeedbackRequest contradiction() {
      var other = new TreeMap<>(request.groups());
      other.replaceAll(
          (group, seen) ->
              new GroupFeedback(Math.nextUp(seen.lossSum()), seen.tokens(), seen.alignment()));
      return new FeedbackRequest(kind, request.rank(), other, request.learningRate());
    }

    void makeEmpty() {
      request = new FeedbackRequest(kind, request.rank(), Map.of());
    }
  }

  private final SimConfig config;
  final String launchId;
  final long fromStep;
  final int world;
  final @Nullable Integer parent;
  boolean namesParent;
  @Nullable Integer attempt;
  boolean dead;

  long step;
  long model;
  final TreeMap<Long, long[]> history;
  final List<Map<Long, long[]>> pulled = new ArrayList<>();
  final List<Post> posts = new ArrayList<>();
  final TreeSet<Long> evaluations = new TreeSet<>();
  final Set<Long> mute = new HashSet<>();
  long lastCheckpoint;

  SimJob(SimConfig config, String launchId, int world, Checkpoint from, boolean namesParent) {
    this.config = config;
    this.launchId = launchId;
    this.world = world;
    this.fromStep = from.step();
    this.parent = from.attempt();
    this.namesParent = namesParent;
    this.step = from.step();
    this.lastCheckpoint = from.step();
    this.model = from.model();
    this.history = new TreeMap<>(from.history());
    for (int rank = 0; rank < world; rank++) pulled.add(new HashMap<>());
  }

  /** The next step that a rank has not pulled. */
  long nextPull(int rank) {
    long k = step;
    while (pulled.get(rank).containsKey(k)) k++;
    return k;
  }

  void evaluateAt(long k) {
    for (Post post : posts) if (post.kind == FeedbackKind.VALIDATION && post.step == k) return;
    evaluations.add(k);
  }

  boolean isReady() {
    for (Map<Long, long[]> rank : pulled) if (!rank.containsKey(step)) return false;
    return true;
  }

  /**
   * Trains the step that every rank has pulled, and queues what there is to report.
   *
   * @param awaited by the mixer that sampled the step
   */
  long[] train(@Nullable FeedbackKind awaited) {
    long[] rows = new long[config.spec().batchRows()];
    int share = rows.length / world;
    for (int rank = 0; rank < world; rank++)
      System.arraycopy(pulled.get(rank).remove(step), 0, rows, rank * share, share);
    long trained = step++;
    model = Sim.hash(model, Arrays.hashCode(rows), rows[0]);
    history.put(trained, rows);
    posts.removeIf(post -> post.acknowledged && post.step < trained - 9);
    if (mute.contains(trained)) return rows;
    report(FeedbackKind.TRAIN, trained, rows);
    if (awaited != null && awaited != FeedbackKind.TRAIN && awaited != FeedbackKind.VALIDATION)
      report(awaited, trained, rows);
    return rows;
  }

  private void report(FeedbackKind kind, long k, long[] rows) {
    if (!config.spec().isByRank(kind)) {
      posts.add(post(kind, k, null, tokens(rows)));
      return;
    }
    int share = rows.length / world;
    for (int rank = 0; rank < world; rank++)
      posts.add(
          post(kind, k, rank, tokens(Arrays.copyOfRange(rows, rank * share, (rank + 1) * share))));
  }

  private long[] tokens(long[] rows) {
    long[] tokens = new long[config.groups()];
    for (long row : rows) tokens[Fact.group(row)] += SimConfig.ROW_TOKENS;
    return tokens;
  }

  /** Evaluates the model as it is before the step it stands at. */
  void evaluate() {
    evaluations.remove(step);
    long[] tokens = new long[config.groups()];
    Arrays.fill(tokens, (long) config.spec().validationRows() * SimConfig.ROW_TOKENS);
    posts.add(post(FeedbackKind.VALIDATION, step, null, tokens));
  }

  private Post post(FeedbackKind kind, long k, @Nullable Integer rank, long[] tokens) {
    long seed = Sim.hash(model, k, kind.ordinal(), rank == null ? 0 : rank);
    boolean nan = config.habits().nan() && Math.floorMod(seed, 12) == 0;
    var groups = new TreeMap<String, GroupFeedback>();
    for (int i = 0; i < tokens.length; i++) {
      double loss = nan ? Double.NaN : 0.01 + Math.floorMod(Sim.hash(seed, i), 9973) / 1000.0;
      String name = config.spec().groups().get(i).name();
      if (tokens[i] > 0)
        groups.put(
            name,
            kind == FeedbackKind.ALIGNMENT
                ? new GroupFeedback(0, 0, alignment(name, loss))
                : new GroupFeedback(loss * tokens[i], tokens[i]));
    }
    Double learningRate = kind == FeedbackKind.ALIGNMENT ? 1e-3 : null;
    var request = new FeedbackRequest(kind, rank, groups, learningRate);
    return new Post(kind, k, rank == null ? 0 : rank, request);
  }

  private static GroupAlignment alignment(String group, double product) {
    var gram = new TreeMap<String, Double>(Map.of(group, product, "elsewhere", 1.0));
    return new GroupAlignment(gram, null, 2);
  }

  /** Null while feedback of an earlier step is not settled. */
  @Nullable Checkpoint checkpoint() {
    for (Post post : posts)
      if (post.step < step && !post.acknowledged && !config.habits().careless()) return null;
    lastCheckpoint = step;
    return new Checkpoint(attempt, step, model, new TreeMap<>(history));
  }

  boolean isCheckpointDue() {
    return step % config.habits().checkpointEvery() == 0 && step > lastCheckpoint;
  }

  List<Post> unacknowledged() {
    return new ArrayList<>(posts.stream().filter(post -> !post.acknowledged).toList());
  }

  /** What a round of requests may change; the same twice means that nothing moves. */
  String progress() {
    return "%d %d %d %d %s"
        .formatted(
            step,
            lastCheckpoint,
            posts.size(),
            unacknowledged().size(),
            evaluations + " " + pulled.stream().map(Map::size).toList());
  }
}
