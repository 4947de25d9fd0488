package dev.mixwell.simulate;

import dev.mixwell.api.AttemptAnswer;
import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.RunSpec;
import dev.mixwell.command.Missing;
import dev.mixwell.run.IssuedStep;
import dev.mixwell.run.Pulled;
import dev.mixwell.run.Run;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A trainer of one rank in virtual time: pulls steps ahead of the one it trains, learns from the
 * rows they hold, posts what it saw, and evaluates when that is due. It does what the contract asks
 * of a client, and nothing else. One thread.
 */
final class SyntheticTrainer {
  /** What a step takes; pulls, posts and evaluations take no time of their own. */
  static final long STEP_MILLIS = 100;

  /**
   * How it goes about its work.
   *
   * @param prefetch steps pulled beyond the one in training
   * @param postDelayMillis from the end of a step to the arrival of its posts
   */
  record Habits(int prefetch, long postDelayMillis) {}

  private record Post(long dueMillis, long step, FeedbackRequest request) {}

  private final Run run;
  private final RunSpec spec;
  private final Habits habits;
  private final VirtualClock clock;
  private final SyntheticModel model;
  private final Observer observer;
  private final int attempt;
  private final Deque<IssuedStep> pulled = new ArrayDeque<>();
  private final Deque<Post> underWay = new ArrayDeque<>();
  private final TreeSet<Long> evaluations = new TreeSet<>();
  private final Map<FeedbackKind, Long> waits = new EnumMap<>(FeedbackKind.class);
  private @Nullable Missing waitsFor;
  private long step;
  private @Nullable Long lastEvaluated;

  /** Opens an attempt from step 0. */
  SyntheticTrainer(Run run, Habits habits, VirtualClock clock, Observer observer) {
    this.run = run;
    this.spec = run.spec();
    this.habits = habits;
    this.clock = clock;
    this.model = observer.model();
    this.observer = observer;
    AttemptAnswer opened = run.open(new AttemptRequest(0, 1, "simulated", null));
    this.attempt = opened.attempt();
    if (opened.evaluateFirst()) evaluations.add(0L);
  }

  int attempt() {
    return attempt;
  }

  /** The next step to train. */
  long step() {
    return step;
  }

  /** How many pulls were refused because a step was undecided, by what was missing. */
  Map<FeedbackKind, Long> waits() {
    return new EnumMap<>(waits);
  }

  /**
   * Trains all steps below {@code until}; posts may still be under way.
   *
   * @throws IllegalStateException if a step waits for something that will never come
   */
  void trainTo(long until) {
    while (step < until) {
      deliver();
      pull();
      if (evaluations.remove(step)) evaluate();
      else if (!pulled.isEmpty()) train(pulled.removeFirst());
      else if (!underWay.isEmpty()) clock.passTo(underWay.getFirst().dueMillis());
      else throw new IllegalStateException("step " + step + " waits for ever for " + waitsFor);
    }
  }

  /** Posts arrive in the order in which they were sent. */
  private void deliver() {
    while (!underWay.isEmpty() && underWay.getFirst().dueMillis() <= clock.getAsLong()) {
      Post post = underWay.removeFirst();
      run.post(attempt, post.step(), post.request());
    }
  }

  private void pull() {
    for (long next = step + pulled.size(); next <= step + habits.prefetch(); next++)
      switch (run.pull(attempt, next, 0, Duration.ZERO)) {
        case IssuedStep issued -> {
          pulled.add(issued);
          if (run.isEvaluationDueAfter(attempt, next)) evaluations.add(next + 1);
        }
        case Pulled.Undecided undecided -> {
          told(undecided.missing());
          return;
        }
        case Pulled.Ended ended -> throw ended.why();
      }
  }

  /** A client that is refused its next step for want of validation evaluates and posts. */
  private void told(Missing missing) {
    waitsFor = missing;
    waits.merge(missing.kind(), 1L, Long::sum);
    boolean mine = missing.kind() == FeedbackKind.VALIDATION && missing.step() == step;
    boolean isNew = lastEvaluated == null || lastEvaluated < step;
    if (mine && isNew) evaluations.add(step);
  }

  private void evaluate() {
    lastEvaluated = step;
    post(step, observer.validation(step));
  }

  private void train(IssuedStep batch) {
    long[] rows = new long[spec.groups().size()];
    for (int group : batch.groups()) rows[group]++;
    FeedbackKind awaits = batch.awaits();
    FeedbackRequest train = observer.step(FeedbackKind.TRAIN, step, rows);
    FeedbackRequest other =
        awaits == null || awaits == FeedbackKind.TRAIN || awaits == FeedbackKind.VALIDATION
            ? null
            : observer.step(awaits, step, rows);
    model.train(weighted(rows, batch.lossWeights()));
    clock.pass(STEP_MILLIS);
    post(step, train);
    if (other != null) post(step, other);
    step++;
  }

  private void post(long at, FeedbackRequest request) {
    underWay.add(new Post(clock.getAsLong() + habits.postDelayMillis(), at, request));
  }

  /** Tokens of each group times its loss weight; the weights are divided by their batch mean. */
  private double[] weighted(long[] rows, double @Nullable [] weights) {
    double[] tokens = new double[rows.length];
    double sum = 0;
    for (int i = 0; i < rows.length; i++)
      sum += tokens[i] = weights == null ? rows[i] : rows[i] * weights[i];
    for (int i = 0; i < rows.length && sum > 0; i++) tokens[i] *= spec.stepTokens() / sum;
    return tokens;
  }
}
