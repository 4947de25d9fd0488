package dev.mixwell.trainer;

import dev.mixwell.api.AttemptRequest;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.FeedbackRequest;
import dev.mixwell.api.RunAnswer;
import dev.mixwell.api.RunSpec;
import dev.mixwell.client.AttemptClient;
import dev.mixwell.client.Batch;
import dev.mixwell.client.BatchStream;
import dev.mixwell.client.FeedbackPoster;
import dev.mixwell.client.RunClient;
import dev.mixwell.trainer.model.GroupSums;
import dev.mixwell.trainer.model.Learner;
import dev.mixwell.trainer.model.ModelConfig;
import dev.mixwell.trainer.model.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The training loop of one launch, as one rank of one: resumes from the newest checkpoint, opens an
 * attempt there, trains on what is served, posts every group's losses, evaluates when the run asks
 * for it, writes checkpoints. Owned by one thread.
 *
 * <p>A checkpoint at step s is written only once the feedback of all steps before s is settled. A
 * failure, such as being {@code fenced}, ends the launch as it is thrown; nothing here starts again
 * by itself.
 */
public final class Training implements AutoCloseable {
  private static final double NANOS = 1e9;

  /** The losses of the model after so many steps. */
  private record Evaluated(long step, GroupSums sums) {}

  private final RunClient run;
  private final TrainSettings settings;
  private final RunAnswer answer;
  private final Learner learner;
  private final StepPosts posts;
  private final HeldOut heldOut;
  private final @Nullable Checkpoints checkpoints;
  private final @Nullable Checkpoint resumed;
  private final String launchId = UUID.randomUUID().toString();
  private final long startNanos = System.nanoTime();
  private final List<TrainReport.Evaluation> evaluations = new ArrayList<>();
  private @Nullable Evaluated evaluated; // the last
  private @Nullable Evaluated posted; // the last
  private long tokens;
  private long evaluationNanos;

  /**
   * Reads the newest checkpoint, if there is one.
   *
   * @throws IOException if the checkpoint is damaged, or one of another run or model; likewise the
   *     reference
   * @throws IllegalArgumentException if the run's mixer goes by a reference and there is none
   */
  public Training(RunClient run, TrainSettings settings) throws IOException {
    this.run = run;
    this.settings = settings;
    answer = run.describe();
    heldOut = HeldOut.validation(run, answer.spec());
    var kept = settings.checkpoints();
    checkpoints = kept == null ? null : new Checkpoints(kept.directory(), kept.keep());
    resumed = checkpoints == null ? null : checkpoints.newest();
    ModelConfig model =
        settings.size().config(answer.tokenizer().vocabularySize(), answer.spec().rowTokens());
    posts = new StepPosts(reference(settings, model), rank(answer.spec()));
    posts.refuseUnlessAble(run.mixer().mixer().awaits(), "the mixer of run `" + run.name() + "`");
    learner =
        new Learner(
            model,
            settings.recipe().optimizer(),
            settings.recipe().seed(),
            settings.feeding().chunkRows());
    if (checkpoints != null && resumed != null) resume(checkpoints, resumed, model);
  }

  private static @Nullable ReferenceModel reference(TrainSettings settings, ModelConfig model)
      throws IOException {
    Path reference = settings.referenceCheckpoint();
    return reference == null
        ? null
        : new ReferenceModel(reference, model, settings.feeding().chunkRows());
  }

  private static @Nullable Integer rank(RunSpec spec) {
    return spec.reporters() == RunSpec.Reporters.RANKS ? (Integer) 0 : null;
  }

  private void resume(Checkpoints from, Checkpoint checkpoint, ModelConfig model)
      throws IOException {
    if (!checkpoint.run().equals(run.name()) || !checkpoint.model().equals(model))
      throw new IOException(
          "the checkpoint of step %d is of run `%s` and %s; this launch is of run `%s` and %s: use another directory"
              .formatted(
                  checkpoint.step(), checkpoint.run(), checkpoint.model(), run.name(), model));
    from.load(checkpoint, learner.state());
    learner.resume(checkpoint.updates());
  }

  /** The first step of this launch. */
  public long fromStep() {
    return resumed == null ? 0 : resumed.step();
  }

  public RunSpec spec() {
    return answer.spec();
  }

  public long parameterCount() {
    return learner.parameterCount();
  }

  public String device() {
    return learner.device().toString();
  }

  /**
   * Mean loss of each group's held-out rows {@code first} to {@code first + count - 1} by the model
   * as it stands, nats a token. From {@code validationRows} on they are rows that no mixer hears
   * of. Posts nothing.
   */
  public Map<String, Double> heldOutLosses(int first, int count) {
    return new HeldOut(run, answer.spec(), first, count).evaluate(learner).means();
  }

  /**
   * Trains to the end of the settings' steps. To be called once.
   *
   * @param progress told after every step, on the training thread
   */
  public TrainReport run(Consumer<StepReport> progress) throws IOException, InterruptedException {
    var attempts = new ArrayList<Integer>();
    if (resumed != null) attempts.add(resumed.attempt());
    if (settings.evaluateEnds()) evaluate(fromStep());
    if (fromStep() < settings.steps()) attempts.add(trainAll(progress));
    if (settings.evaluateEnds()) evaluate(Math.max(fromStep(), settings.steps()));
    double seconds = (System.nanoTime() - startNanos) / NANOS;
    long toStep = Math.max(fromStep(), settings.steps());
    return new TrainReport(
        run.name(),
        attempts,
        fromStep(),
        toStep,
        tokens,
        seconds,
        evaluationNanos / NANOS,
        device(),
        parameterCount(),
        List.copyOf(evaluations));
  }

  private int trainAll(Consumer<StepReport> progress) throws IOException, InterruptedException {
    Integer parent = resumed == null ? null : (Integer) resumed.attempt();
    AttemptClient attempt = run.open(new AttemptRequest(fromStep(), 1, launchId, parent));
    int prefetch = Math.min(settings.feeding().prefetch(), answer.spec().lookahead() - 1);
    try (var poster = new FeedbackPoster(attempt);
        var batches = new BatchStream(attempt, 0, settings.steps(), prefetch)) {
      if (attempt.opened().evaluateFirst()) postEvaluation(poster, fromStep());
      for (long step = fromStep(); step < settings.steps(); )
        switch (batches.next()) {
          case BatchStream.Next.Evaluate(long at) -> postEvaluation(poster, at);
          case BatchStream.Next.Train(Batch batch) -> {
            progress.accept(train(batch, poster));
            step++;
            if (batch.evaluateAfter()) postEvaluation(poster, step);
            if (checkpoints != null && isCheckpointDue(step))
              save(checkpoints, poster, step, attempt.opened().attempt());
          }
        }
      poster.settle();
    }
    return attempt.opened().attempt();
  }

  private StepReport train(Batch batch, FeedbackPoster poster) throws InterruptedException {
    posts.refuseUnlessAble(batch.awaits(), "step " + batch.step());
    long beganNanos = System.nanoTime();
    double learningRate = settings.recipe().learningRate().at(batch.step());
    Trained trained = learner.train(batch, learningRate);
    GroupSums sums = trained.losses().sums(batch.groupNames());
    for (FeedbackRequest post : posts.of(batch, sums, trained, learningRate))
      poster.post(batch.step(), post);
    tokens += sums.tokens();
    double perSecond = sums.tokens() * NANOS / Math.max(1, System.nanoTime() - beganNanos);
    return new StepReport(batch.step(), sums.mean(), perSecond, sums.shares());
  }

  /**
   * Posts the losses of the model as it stands; once, though a header and a refusal may both ask
   * for them.
   */
  private void postEvaluation(FeedbackPoster poster, long step) throws InterruptedException {
    if (posted != null && posted.step == step) return;
    Evaluated now = evaluate(step);
    poster.post(step, now.sums.feedback(FeedbackKind.VALIDATION, null));
    posted = now;
  }

  private Evaluated evaluate(long step) {
    if (evaluated != null && evaluated.step == step) return evaluated;
    long beganNanos = System.nanoTime();
    GroupSums sums = heldOut.evaluate(learner);
    evaluationNanos += System.nanoTime() - beganNanos;
    evaluations.add(new TrainReport.Evaluation(step, sums.means()));
    evaluated = new Evaluated(step, sums);
    return evaluated;
  }

  private boolean isCheckpointDue(long step) {
    var kept = settings.checkpoints();
    return kept != null && (step % kept.every() == 0 || step == settings.steps());
  }

  private void save(Checkpoints to, FeedbackPoster poster, long step, int attempt)
      throws IOException, InterruptedException {
    poster.settle();
    ModelConfig model = learner.config();
    to.save(
        new Checkpoint(
            Checkpoint.VERSION,
            run.name(),
            attempt,
            step,
            learner.updates(),
            launchId,
            settings.recipe().seed(),
            model,
            null),
        learner.state());
  }

  @Override
  public void close() {
    learner.close();
    posts.close();
  }
}
