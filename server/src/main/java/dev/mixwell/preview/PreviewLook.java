package dev.mixwell.preview;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerSpec;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Recorded;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.LossHistory;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Observation;
import dev.mixwell.mixer.Phase;
import dev.mixwell.sampler.Position;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate mixer would have seen of a run. The run's writer looks, a few steps at a time
 * and between its commands; the candidate folds elsewhere. Lives as long as one look.
 *
 * <p>A step is seen when the mixer in force has closed it, if that awaits the candidate's kind;
 * else when all its reporters have posted that kind. A boundary is seen when validation is posted,
 * or closed as missing. Where neither can come any more, the candidate is refused.
 */
final class PreviewLook {
  /** Seats times groups that one look may compose: some 20 ms of the writer's time. */
  private static final long MAX_WORK = 20_000_000;

  private static final int MAX_STEPS = 32;

  /** Posts up to so many steps later tell that a step is over. */
  private static final int LATER = 16;

  /**
   * @param fromStep at which it would have taken effect
   * @param fromCurrent whether it would have continued from the proportions in force
   * @param patience steps that late feedback is waited for
   */
  record Candidate(MixerSpec spec, Mixer mixer, long fromStep, boolean fromCurrent, int patience) {}

  /**
   * How far a candidate has come.
   *
   * @param step to be seen next
   * @param before where the run stands before {@code beforeStep}; null if unknown
   * @param beforeStep the step itself, or for boundaries perhaps the one before it
   * @param atBoundary where the run stood at its last boundary; null before the first
   */
  record Cursor(
      long step, @Nullable Position before, long beforeStep, @Nullable Position atBoundary) {
    static Cursor at(long step) {
      return new Cursor(step, null, step, null);
    }
  }

  /**
   * @param attempt that owns the step
   * @param isOffPolicy whether another mixer was in force there
   */
  record SeenStep(int attempt, long step, boolean isOffPolicy, Observation observation) {}

  /**
   * @param isAll whether there is no more for now
   */
  record SeenSteps(List<SeenStep> steps, Cursor next, boolean isAll) {}

  private final Folded run;
  private final Candidate candidate;
  private final Attempt attempt;

  PreviewLook(Folded run, Candidate candidate, int attempt) {
    this.run = run;
    this.candidate = candidate;
    this.attempt = run.attempts().get(attempt);
  }

  /**
   * Looks from a cursor on.
   *
   * @param history of the candidate, for its observations
   * @throws Refusal {@code not-previewable} if nothing can be seen there, ever
   */
  SeenSteps look(Cursor from, LossHistory history) {
    var seen = new ArrayList<SeenStep>();
    if (candidate.mixer.awaits() == null) return new SeenSteps(seen, from, true);
    long work = (long) run.spec().seats() * run.spec().groups().size();
    Cursor at = from;
    for (long left = Math.clamp(MAX_WORK / work, 1, MAX_STEPS); left > 0; left--) {
      Cursor next;
      try {
        next = see(at, seen, history);
      } catch (Refusal refusal) {
        if (seen.isEmpty()) throw refusal;
        return new SeenSteps(seen, at, false); // the next look begins there, and is refused
      }
      if (next == null) return new SeenSteps(seen, at, true);
      at = next;
    }
    return new SeenSteps(seen, at, false);
  }

  /** The cursor after the next step; null if that is not to be seen yet. */
  private @Nullable Cursor see(Cursor at, List<SeenStep> seen, LossHistory history) {
    if (at.step > attempt.upTo()) return null;
    Installation in = run.operations().installation(attempt, at.step);
    refuseToSteer(at.step, in);
    FeedbackKind kind = candidate.mixer.awaits();
    if (kind == FeedbackKind.VALIDATION || kind == null) return seeBoundary(at, in, seen);
    return at.step < attempt.upTo() ? seeStep(at, in, kind, seen, history) : null;
  }

  private @Nullable Cursor seeStep(
      Cursor at, Installation in, FeedbackKind kind, List<SeenStep> seen, LossHistory history) {
    SortedMap<Integer, Event.FeedbackPosted> posts = run.ledger().readPosts(attempt, kind, at.step);
    boolean isAwaited = in.mixer().awaits() == kind;
    boolean isSeen =
        isAwaited
            ? run.ledger().stepClosed(attempt, at.step) != null
            : posts.size() == run.reporters(attempt.owner(at.step), kind);
    if (!isSeen) {
      if (!isAwaited && isMissing(at.step, kind)) throw missing(at.step, kind);
      return null;
    }
    StepPlan plan = run.readPlan(attempt, at.step, at.before);
    Observation observation = run.closer().seenAt(plan, candidate.fromStep, posts, history);
    seen.add(new SeenStep(plan.attempt(), at.step, isOffPolicy(in), observation));
    return new Cursor(at.step + 1, plan.units().after(), at.step + 1, null);
  }

  private @Nullable Cursor seeBoundary(Cursor at, Installation in, List<SeenStep> seen) {
    long step = at.step;
    Position here = before(at);
    if (!candidate.mixer.isBoundary(step - candidate.fromStep))
      return new Cursor(step + 1, here, step, at.atBoundary);
    SortedMap<Integer, Event.FeedbackPosted> posts =
        run.ledger().posts(attempt, FeedbackKind.VALIDATION, step);
    boolean isClosed = in.isBoundary(step) && run.ledger().boundaryClosed(attempt, step) != null;
    if (posts.isEmpty() && !isClosed) {
      if (!in.isBoundary(step) && isMissing(step, FeedbackKind.VALIDATION))
        throw missing(step, FeedbackKind.VALIDATION);
      return null;
    }
    long t = step - candidate.fromStep + 1;
    Observation observation = run.closer().seenBefore(t, here, rows(at.atBoundary), posts);
    seen.add(new SeenStep(attempt.owner(step).number(), step, isOffPolicy(in), observation));
    return new Cursor(step + 1, here, step, here);
  }

  private static long @Nullable [] rows(@Nullable Position position) {
    return position == null ? null : position.rows();
  }

  /** Where the run stands before the cursor's step. */
  private Position before(Cursor at) {
    if (at.before != null && at.beforeStep == at.step) return at.before;
    if (at.step == 0) return Position.start(run.spec().groups().size());
    return run.readPlan(attempt, at.step - 1, at.before).units().after();
  }

  private boolean isOffPolicy(Installation in) {
    boolean isSame =
        in.effectiveStep() == candidate.fromStep
            && in.event().version() == candidate.mixer.version()
            && in.event().mixer().equals(Recorded.mixer(candidate.spec))
            && (candidate.fromStep == 0 || in.event().fromCurrent() == candidate.fromCurrent);
    return !isSame;
  }

  /** A probe says what is sampled; the run has sampled something else, or will. */
  private void refuseToSteer(long step, Installation in) {
    Phase phase = candidate.mixer.phase(step - candidate.fromStep);
    boolean isProbed = in.effectiveStep() == candidate.fromStep && in.phase(step).equals(phase);
    if (!(phase instanceof Phase.Probe) || isProbed) return;
    String detail =
        "`%s` must steer: from step %d on it probes, and learns from validation losses only what it has sampled itself; `%s` was in force there. Install it, or preview steps over which its own schedule was in force."
            .formatted(candidate.spec.name(), step, in.mixer().name());
    throw refusal(detail, step, FeedbackKind.VALIDATION);
  }

  /** Whether feedback that is not complete cannot be expected any more. */
  private boolean isMissing(long step, FeedbackKind kind) {
    boolean isNothingThere = step == candidate.fromStep && step < attempt.upTo();
    return step < attempt.fromStep()
        || (candidate.patience == 0 && isNothingThere)
        || isOver(step + candidate.patience, kind);
  }

  /** Whether the trainer has gone beyond a step, as far as posts and closes tell. */
  private boolean isOver(long step, FeedbackKind kind) {
    if (run.ledger().stepClosed(attempt, step) != null) return true;
    long end = Math.min(attempt.upTo(), step + LATER);
    for (long later = step; later < end; later++) {
      if (kind != FeedbackKind.TRAIN && isPosted(FeedbackKind.TRAIN, later)) return true;
      if (later > step && isPosted(kind, later)) return true;
    }
    return false;
  }

  private boolean isPosted(FeedbackKind kind, long step) {
    return !run.ledger().readPosts(attempt, kind, step).isEmpty();
  }

  private Refusal missing(long step, FeedbackKind kind) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    String detail =
        "`%s` needs %s feedback, which is missing from step %d on. Preview from a later step, or let the trainer post it."
            .formatted(candidate.spec.name(), name, step);
    return refusal(detail, step, kind);
  }

  private static Refusal refusal(String detail, long step, FeedbackKind kind) {
    return new Refusal(ProblemType.NOT_PREVIEWABLE, detail).with("kind", kind).with("step", step);
  }
}
