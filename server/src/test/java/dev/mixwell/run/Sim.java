package dev.mixwell.run;

import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.api.OperationView;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Issue;
import dev.mixwell.command.Missing;
import dev.mixwell.command.Operate;
import dev.mixwell.command.PostFeedback;
import dev.mixwell.fold.Planned;
import dev.mixwell.fold.StepPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A server, trainers and operators on one thread, with faults: performs acts, remembers everything
 * that was answered, and lets the newest trainer finish once faults stop. What was answered is
 * checked as it comes here, and as a whole by {@link SimAudit}.
 */
final class Sim {
  /** An address of a batch. */
  record Url(int attempt, long step, int rank) implements Comparable<Url> {
    @Override
    public int compareTo(Url o) {
      int byAttempt = Integer.compare(attempt, o.attempt);
      int byStep = byAttempt != 0 ? byAttempt : Long.compare(step, o.step);
      return byStep != 0 ? byStep : Integer.compare(rank, o.rank);
    }
  }

  /** A post that was acknowledged. */
  record Acknowledged(int attempt, SimJob.Post post) {}

  final SimConfig config;
  final SimServer server;
  final List<SimJob> jobs = new ArrayList<>();
  final TreeMap<Url, long[]> bodies = new TreeMap<>();
  final TreeMap<Url, Fact> facts = new TreeMap<>();
  final List<Acknowledged> acknowledged = new ArrayList<>();
  final List<Long> acceptedOperations = new ArrayList<>();
  private final List<SimJob.Checkpoint> checkpoints = new ArrayList<>();
  private final SimOperators operators = new SimOperators(this);
  private int answeredAttempts;

  Sim(SimConfig config) {
    this(config, new SimServer(config.created()));
  }

  Sim(SimConfig config, SimServer server) {
    this.config = config;
    this.server = server;
    long model = hash(config.spec().seed());
    checkpoints.add(new SimJob.Checkpoint(null, 0, model, new TreeMap<>()));
  }

  /** Mixes numbers into one. */
  static long hash(long... values) {
    long h = 0x9E3779B97F4A7C15L;
    for (long v : values) {
      h = (h ^ v) * 0xBF58476D1CE4E5B9L;
      h = (h ^ (h >>> 29)) * 0x94D049BB133111EBL;
      h ^= h >>> 32;
    }
    return h;
  }

  private Run run() {
    return server.run();
  }

  // ---- acts

  void perform(Act act) {
    server.pass(1);
    try {
      switch (act) {
        case Act.Launch a -> launch(a);
        case Act.Pull a -> pull(job(a.job()), a.rank(), a.fault());
        case Act.Train a -> train(job(a.job()));
        case Act.Post a -> post(job(a.job()), a.which(), a.fault());
        case Act.Contradict a -> contradict(job(a.job()), a.which());
        case Act.Together a -> together(job(a.job()), a.mixer(), a.fault());
        case Act.Again a -> again(a.which());
        case Act.Crash() -> server.restart();
        case Act.Swap a -> operators.swap(a);
        case Act.Override a -> operators.override(a);
        case Act.ClearOverrides(Fault fault) -> operators.clear(fault);
        case Act.Skip a -> operators.skip(a);
        case Act.Cancel a -> operators.cancel(a);
        case Act.Late() -> late();
        case Act.Finish() -> run().finish("sim", "enough");
      }
    } catch (Lost lost) {
      return;
    } catch (Refusal refusal) {
      if (refusal.type() == ProblemType.TIMELINE_DAMAGED)
        throw new Broken("DAMAGED", act.toString(), refusal);
    } catch (RuntimeException failure) {
      throw new Broken("THREW", act.toString(), failure);
    }
  }

  private <T> T call(Fault fault, Supplier<T> request) {
    return server.call(fault, request);
  }

  void late() {
    server.pass(SimConfig.CLOSE_AFTER_MILLIS);
    server.work();
  }

  // ---- attempts

  private void launch(Act.Launch act) {
    if (!act.zombies()) for (SimJob job : jobs) job.dead = true;
    int size = checkpoints.size();
    SimJob.Checkpoint from = checkpoints.get(Math.floorMod(size - 1 - act.checkpoint(), size));
    int world = config.worlds().get(act.world() % config.worlds().size());
    launch(from, world, act.named(), act.fault());
  }

  private SimJob launch(SimJob.Checkpoint from, int world, boolean named, Fault fault) {
    var job = new SimJob(config, "launch-" + jobs.size(), world, from, named);
    jobs.add(job);
    open(job, fault);
    return job;
  }

  /** The last one saved at the step. */
  SimJob.Checkpoint checkpoint(long step) {
    for (SimJob.Checkpoint c : checkpoints.reversed()) if (c.step() == step) return c;
    throw new IllegalArgumentException("no checkpoint of step " + step);
  }

  /** A launch that nothing disturbs; earlier ones go on until they learn of it. */
  SimJob launch(long step, int world) {
    return launch(checkpoint(step), world, true, Fault.NONE);
  }

  void open(SimJob job, Fault fault) {
    Integer parent = job.namesParent ? job.parent : null;
    var request = new AttemptRequest(job.fromStep, job.world, job.launchId, parent);
    AttemptAnswer answer;
    try {
      answer = call(fault, () -> run().open(request));
    } catch (Refusal refusal) {
      if (refusal.type() == ProblemType.PARENT_AMBIGUOUS && !job.namesParent)
        job.namesParent = true;
      else if (refusal.type() != ProblemType.RUN_FINISHED)
        throw new Broken("REFUSED", "launch from step " + job.fromStep, refusal);
      throw refusal;
    }
    job.attempt = answer.attempt();
    answeredAttempts = Math.max(answeredAttempts, answer.attempt() + 1);
    if (answer.evaluateFirst()) job.evaluateAt(job.fromStep);
    for (long k = 0; k < job.fromStep; k++)
      if (!Arrays.equals(fact(answer.attempt(), k).rows(), job.history.get(k)))
        throw new Broken(
            "LINEAGE",
            "step %d of attempt %d: its checkpoint trained other rows".formatted(k, job.attempt));
  }

  /** The job counted from the newest, with an attempt. */
  private SimJob job(int fromNewest) {
    if (jobs.isEmpty()) throw new Lost();
    SimJob job = jobs.get(Math.floorMod(jobs.size() - 1 - fromNewest, jobs.size()));
    if (job.dead) throw new Lost();
    if (job.attempt == null) open(job, Fault.NONE);
    return job;
  }

  int answeredAttempts() {
    return answeredAttempts;
  }

  // ---- pulls

  void pull(SimJob job, int anyRank, Fault fault) {
    int rank = anyRank % job.world;
    long k = job.nextPull(rank);
    if (k <= job.step + config.habits().prefetch() && k < config.steps()) pull(job, rank, k, fault);
  }

  void pull(SimJob job, int rank, long k, Fault fault) {
    int attempt = job.attempt;
    record Answer(long[] body, boolean evaluateAfter) {}
    Answer answer;
    try {
      answer =
          call(
              fault,
              () -> {
                long[] body = pulled(new Url(attempt, k, rank));
                return new Answer(body, run().isEvaluationDueAfter(attempt, k));
              });
    } catch (Refusal refusal) {
      refusedPull(job, k, refusal);
      throw refusal;
    }
    isShare(new Url(attempt, k, rank), answer.body());
    if (!config.habits().postAll() && !fact(attempt, k).installation().awaitsStep())
      job.mute.add(k);
    job.pulled.get(rank).put(k, answer.body());
    boolean passedOver = config.habits().careless() && Math.floorMod(hash(job.model, k), 3) == 0;
    if (answer.evaluateAfter() && !passedOver) job.evaluateAt(k + 1);
  }

  /** A trainer that is refused its next step for want of validation evaluates and posts. */
  private static void refusedPull(SimJob job, long k, Refusal refusal) {
    if (refusal.type() == ProblemType.FENCED) job.dead = true;
    else if (refusal.facts().get("missing") instanceof Missing missing) {
      if (missing.kind() == FeedbackKind.VALIDATION && missing.step() == job.step && job.step == k)
        job.evaluateAt(k);
    } else if (refusal.type() != ProblemType.RUN_FINISHED
        && refusal.type() != ProblemType.DATA_EXHAUSTED)
      throw new Broken("REFUSED", "step " + k, refusal);
  }

  /** Pulls a batch and compares it with what that address ever said. */
  long[] body(Url url) {
    long[] body = pulled(url);
    isShare(url, body);
    return body;
  }

  private long[] pulled(Url url) {
    IssuedStep pulled = run().issuedStep(url.attempt(), url.step(), url.rank(), Duration.ZERO);
    long[] body = Fact.rows(pulled.groups(), pulled.positions());
    long[] before = bodies.putIfAbsent(url, body);
    if (before != null && !Arrays.equals(before, body))
      throw new Broken(
          "BYTES",
          "%s: %s, then %s".formatted(url, Arrays.toString(before), Arrays.toString(body)));
    return body;
  }

  private void isShare(Url url, long[] body) {
    long[] all = fact(url.attempt(), url.step()).rows();
    int from = url.rank() * body.length;
    if (!Arrays.equals(body, Arrays.copyOfRange(all, from, from + body.length)))
      throw new Broken("SHARE", url + " is not that rank's share of its step");
  }

  /** The plan of an issued step, compared with what it ever was. */
  Fact fact(int attempt, long step) {
    Planned planned = server.read(run -> run.plan(run.attempts().get(attempt), step));
    if (!(planned instanceof StepPlan plan))
      throw new Broken("PLAN", "attempt %d step %d: %s".formatted(attempt, step, planned));
    Fact fact = Fact.of(plan, config.spec().unitRows());
    Fact before = facts.putIfAbsent(new Url(plan.attempt(), step, -1), fact);
    if (before != null && !before.isSameAs(fact))
      throw new Broken("PLAN", "%s, then %s".formatted(before, fact));
    return fact;
  }

  private void again(int which) {
    if (bodies.isEmpty()) return;
    Url url = new ArrayList<>(bodies.keySet()).get(which % bodies.size());
    fact(url.attempt(), url.step());
    run().plan(url.attempt(), url.step());
    body(url);
  }

  // ---- training

  void train(SimJob job) {
    long k = job.step;
    if (job.evaluations.contains(k)) {
      job.evaluate();
      return;
    }
    if (k >= config.steps() || !job.isReady()) return;
    if (job.isCheckpointDue()) {
      SimJob.Checkpoint saved = job.checkpoint();
      if (saved == null) return;
      checkpoints.add(saved);
    }
    long[] rows = job.train(fact(job.attempt, k).installation().mixer().awaits());
    if (!Arrays.equals(rows, fact(job.attempt, k).rows()))
      throw new Broken("UNION", "the ranks' shares of step " + k + " are not the step");
    if (Arrays.stream(rows).distinct().count() != rows.length)
      throw new Broken("UNION", "step " + k + " holds a row twice: " + Arrays.toString(rows));
  }

  // ---- feedback

  private void post(SimJob job, int which, Fault fault) {
    List<SimJob.Post> todo = which % 4 == 0 ? job.posts : job.unacknowledged();
    if (todo.isEmpty()) return;
    SimJob.Post post = todo.get(which % todo.size());
    if (post.isOpenValidation()) // in order
    post = job.posts.stream().filter(SimJob.Post::isOpenValidation).findFirst().orElseThrow();
    post(job, post, fault);
  }

  void post(SimJob job, SimJob.Post post, Fault fault) {
    int attempt = job.attempt;
    try {
      call(fault, () -> run().post(attempt, post.step, post.request));
    } catch (Refusal refusal) {
      refusedPost(job, post, refusal);
      throw refusal;
    }
    acknowledge(job, post);
  }

  private void acknowledge(SimJob job, SimJob.Post post) {
    post.acknowledged = true;
    acknowledged.add(new Acknowledged(job.attempt, post));
  }

  private static void refusedPost(SimJob job, SimJob.Post post, Refusal refusal) {
    switch (refusal.type()) {
      case BAD_FEEDBACK -> post.makeEmpty();
      case STEP_CLOSED -> post.acknowledged = true;
      case FENCED -> job.dead = true;
      case RUN_FINISHED -> {}
      default ->
          throw new Broken(
              "REFUSED",
              "%s at step %d of %s".formatted(post.kind, post.step, job.launchId),
              refusal);
    }
  }

  private void contradict(SimJob job, int which) {
    List<SimJob.Post> settled = job.posts.stream().filter(post -> post.acknowledged).toList();
    if (settled.isEmpty()) return;
    SimJob.Post post = settled.get(which % settled.size());
    if (post.request.groups().isEmpty()) return;
    run().post(job.attempt, post.step, post.contradiction());
    throw new Broken("CONFLICT", "step %d takes other feedback too".formatted(post.step));
  }

  /** Several requests in one commit. */
  private void together(SimJob job, MixerSpec mixer, Fault fault) {
    if (fault == Fault.REQUEST_LOST) return;
    int attempt = job.attempt;
    long next = job.nextPull(0);
    List<SimJob.Post> posts = job.unacknowledged();
    var answers = new ArrayList<CompletableFuture<?>>();
    for (SimJob.Post post : posts)
      answers.add(server.submit(new PostFeedback(attempt, post.step, post.request)));
    if (Math.floorMod(hash(job.model, job.step), 2) == 0) server.submit(Poison.COMMAND);
    var change = new MixerChange(mixer, "phase-end", "current", "sim", "together");
    CompletableFuture<OperationView> swap = server.submit(new Operate.Swap(change, "*"));
    server.submit(new Issue(attempt, next));
    server.store.arm(fault);
    server.work();
    if (server.restartIfDead()) return; // nobody knows
    server.store.arm(Fault.NONE);
    if (fault == Fault.CRASH) server.restart();
    if (fault.losesAnswer()) return;
    for (int i = 0; i < posts.size(); i++) settle(job, posts.get(i), answers.get(i));
    if (swap.isDone() && !swap.isCompletedExceptionally())
      acceptedOperations.add(swap.join().operation());
  }

  private void settle(SimJob job, SimJob.Post post, CompletableFuture<?> answer) {
    try {
      answer.join();
      acknowledge(job, post);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof Refusal refusal)) throw new Broken("THREW", "together", e);
      if (refusal.type() != ProblemType.STORAGE_FAILED) refusedPost(job, post, refusal);
    }
  }

  // ---- operators and the end

  OperationView swap(MixerSpec mixer, String effective, String start, Fault fault) {
    return operators.swap(mixer, effective, start, fault);
  }

  /** Without faults, until the trainer stands at the step or the data is used up. */
  void advance(SimJob job, long to) {
    new SimEnd(this).advance(job, to, false);
  }

  /** Faults stop: the newest trainer runs to its last step, or to the end of the data. */
  void finish() {
    new SimEnd(this).finish();
  }
}
