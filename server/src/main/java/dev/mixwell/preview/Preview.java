package dev.mixwell.preview;

import dev.mixwell.answer.GroupNames;
import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.PreviewAnswer;
import dev.mixwell.api.PreviewRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.command.Operate;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Proposal;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.run.Published;
import dev.mixwell.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A candidate mixer folded over what a run has recorded, exactly as the run would: a shadow that
 * decides no bytes and records nothing. Used by one thread, which folds; the writer only looks
 * things up for it, a few steps at a time.
 *
 * <p>A preview that follows goes over to a newer attempt when there is one: it folds the new
 * lineage from the beginning, and tells what differs.
 */
public final class Preview {
  /** Closes of one answer, for few groups; for many, so many shares. */
  private static final int MAX_CLOSES = 1_000;

  private static final int MAX_SHARES = 250_000;

  /** Before any attempt. */
  private static final int NONE = -1;

  /** Steps of history read at a time. */
  private static final int HISTORY = 64;

  private final Run run;
  private final PreviewRequest request;
  private final Mixer mixer;
  private final GroupNames groups;
  private final boolean isFromCurrent;

  private final PreviewLook.Candidate candidate;
  private PreviewLook.Cursor cursor;
  private int attempt = NONE;
  private long toldFrom;
  private Decision start;
  private Decision last;
  private boolean isOffPolicy;

  /**
   * Looks where the candidate would have begun.
   *
   * @throws Refusal {@code invalid-mixer}, {@code invalid-operation}
   */
  public Preview(Run run, PreviewRequest request) {
    this.run = run;
    this.request = request;
    this.groups = GroupNames.of(run.created());
    this.mixer = Mixers.create(request.mixer(), Folded.context(run.created()));
    this.isFromCurrent = Operate.isFromCurrent(request.start());
    Long fromStep = request.fromStep();
    Beginning beginning = run.ask(folded -> beginning(folded, fromStep));
    this.candidate =
        new PreviewLook.Candidate(
            request.mixer(),
            mixer,
            beginning.fromStep,
            isFromCurrent,
            request.follows() ? run.spec().lookahead() : 0);
    this.cursor = PreviewLook.Cursor.at(beginning.fromStep);
    this.attempt = beginning.attempt;
    this.start = mixer.start(beginning.current);
    this.last = start;
  }

  /**
   * @param attempt the newest; {@link #NONE} before any
   * @param forkStep the first step that its lineage does not share with the attempt before
   * @param current what the candidate continues from; null if it starts on its own
   */
  private record Beginning(
      int attempt, long forkStep, long fromStep, @Nullable Proportions current) {}

  private Beginning beginning(Folded folded, @Nullable Long asked) {
    if (folded.attempts().isEmpty()) {
      if (asked != null && asked > 0) throw notIssued(asked, 0);
      return new Beginning(NONE, 0, 0, null);
    }
    Attempt a = folded.attempts().newest();
    long from =
        asked != null ? asked : folded.operations().installation(a, a.upTo()).effectiveStep();
    if (from > a.upTo()) throw notIssued(from, a.upTo());
    Proportions current =
        isFromCurrent && folded.before(a, from) instanceof Proposal.Proposed before
            ? before.successor()
            : null;
    long fork = attempt == NONE ? 0 : folded.attempts().get(attempt).fork(a);
    return new Beginning(a.number(), fork, from, current);
  }

  private static Refusal notIssued(long step, long upTo) {
    return new Refusal(
            ProblemType.INVALID_OPERATION,
            "`fromStep` is %d; the run has issued the steps below %d.".formatted(step, upTo))
        .with("upTo", upTo);
  }

  /**
   * @param fork comes before the closes; null if the attempt is as before
   * @param isLast whether nothing can follow
   * @param more completes when there may be more; null if there is already
   */
  public record Page(
      PreviewAnswer.@Nullable Fork fork,
      List<PreviewAnswer.Close> closes,
      boolean isLast,
      @Nullable CompletableFuture<Void> more) {}

  /**
   * What the candidate makes of the next steps. Never waits for the run.
   *
   * @throws Refusal {@code not-previewable}
   */
  public Page next() {
    Published view = run.view(); // before the look: what that misses comes with a later view
    Published.AttemptView newest = view.newest();
    boolean isForked = request.follows() && newest != null && newest.number() != attempt;
    PreviewAnswer.Fork fork = isForked ? beginAgain() : null;
    var closes = new ArrayList<PreviewAnswer.Close>();
    if (attempt == NONE) return new Page(fork, closes, isLast(view), view.next());
    PreviewLook.SeenSteps seen =
        run.ask(folded -> new PreviewLook(folded, candidate, attempt).look(cursor, history()));
    for (PreviewLook.SeenStep step : seen.steps()) {
      last = mixer.fold(last.state(), step.observation());
      isOffPolicy |= step.isOffPolicy();
      if (step.step() >= toldFrom) closes.add(close(step));
    }
    cursor = seen.next();
    return seen.isAll()
        ? new Page(fork, closes, isLast(view), view.next())
        : new Page(fork, closes, false, null);
  }

  private boolean isLast(Published view) {
    return !request.follows() || view.finished();
  }

  private PreviewAnswer.Fork beginAgain() {
    long from = candidate.fromStep();
    Beginning beginning = run.ask(folded -> beginning(folded, from));
    attempt = beginning.attempt;
    toldFrom = Math.min(beginning.forkStep, cursor.step());
    cursor = PreviewLook.Cursor.at(from);
    start = mixer.start(beginning.current);
    last = start;
    isOffPolicy = false;
    return new PreviewAnswer.Fork(attempt, toldFrom);
  }

  private PreviewAnswer.Close close(PreviewLook.SeenStep seen) {
    double[] weights = last.lossWeights();
    return new PreviewAnswer.Close(
        seen.attempt(),
        seen.step(),
        seen.isOffPolicy(),
        groups.shares(last.p().toArray()),
        weights == null ? null : groups.shares(weights));
  }

  /** The losses of the candidate's steps, looked up as it asks for them. */
  private LossHistory history() {
    int of = attempt;
    PreviewLook.Candidate by = candidate;
    return (from, to, visitor) -> {
      for (long t = from; t <= to; t += HISTORY) {
        long first = t;
        long last = Math.min(to, t + HISTORY - 1);
        List<double[]> read = run.ask(folded -> meanLosses(folded, of, by, first, last));
        for (int i = 0; i < read.size(); i++) {
          long at = first + i;
          visitor.step(at, read.get(i), () -> run.ask(folded -> rows(folded, of, by, at)));
        }
      }
    };
  }

  /** Of the candidate's steps, in order. */
  private static List<double[]> meanLosses(
      Folded folded, int attempt, PreviewLook.Candidate candidate, long from, long to) {
    var read = new ArrayList<double[]>();
    Attempt a = folded.attempts().get(attempt);
    FeedbackKind kind = Objects.requireNonNull(candidate.mixer().awaits()); // it folds
    folded
        .closer()
        .history(a, candidate.fromStep(), kind)
        .read(from, to, (_, losses, _) -> read.add(losses));
    return read;
  }

  /** Rows of the run up to the candidate's step t. */
  private static long[] rows(Folded folded, int attempt, PreviewLook.Candidate candidate, long t) {
    long step = candidate.fromStep() + t - 1;
    return folded.readPlan(folded.attempts().get(attempt), step, null).units().after().rows();
  }

  /** Where the candidate stands, without closes. */
  public PreviewAnswer standing() {
    return answer(List.of(), 1);
  }

  /**
   * Reads to the end of what is recorded.
   *
   * @throws Refusal {@code not-previewable}
   */
  public PreviewAnswer answer() {
    int most = Math.clamp(MAX_SHARES / groups.names().size(), 2, MAX_CLOSES);
    var kept = new ArrayList<PreviewAnswer.Close>();
    PreviewAnswer.Close latest = null;
    int every = 1;
    long count = 0;
    while (true) {
      Page page = next();
      for (PreviewAnswer.Close close : page.closes()) {
        if (count++ % every == 0) kept.add(close);
        latest = close;
        if (kept.size() <= most) continue;
        every *= 2;
        for (int i = kept.size() - 1; i >= 0; i--) if (i % 2 != 0) kept.remove(i);
      }
      if (!page.isLast()) continue;
      if (latest != null && kept.getLast().step() != latest.step()) kept.add(latest);
      return answer(kept, every);
    }
  }

  private PreviewAnswer answer(List<PreviewAnswer.Close> closes, int every) {
    return new PreviewAnswer(
        request.mixer(),
        mixer.version(),
        attempt,
        candidate.fromStep(),
        cursor.step(),
        isOffPolicy,
        groups.shares(start.p().toArray()),
        closes,
        every,
        groups.shares(last.p().toArray()),
        last.state().toLists());
  }
}
