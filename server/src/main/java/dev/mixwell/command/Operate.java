package dev.mixwell.command;

import dev.mixwell.answer.Answers;
import dev.mixwell.api.MixerChange;
import dev.mixwell.api.OperationView;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.fold.Recorded;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Phase;
import dev.mixwell.timeline.Event;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators may do to a run: swap the mixer, override shares, pass over rows, take back what
 * is not yet issued, finish. What they set takes effect at a step that is not issued.
 */
public sealed interface Operate<T> extends Command<T> {
  /** A run can do without what operators set. */
  @Override
  default boolean carriesOn() {
    return false;
  }

  /**
   * Puts another mixer into force.
   *
   * @param ifMatch the ETag the change is based on; null if the request names none
   */
  record Swap(MixerChange change, @Nullable String ifMatch) implements Operate<OperationView> {
    @Override
    public OperationView execute(Fold fold, long nowMillis) {
      Folded run = fold.folded();
      run.refuseIfFinished();
      checkMatch(run);
      Mixer mixer = Mixers.create(change.mixer(), Folded.context(run.created()));
      boolean isFromCurrent = isFromCurrent(change.start());
      var event =
          new Event.MixerInstalled(
              effectiveStep(run, mixer),
              Recorded.mixer(change.mixer()),
              mixer.version(),
              isFromCurrent,
              change.who(),
              change.why());
      OperationView accepted = accept(fold, event, nowMillis);
      if (!run.attempts().isEmpty() && event.effectiveStep() == run.upTo())
        Closing.known(fold, run.attempts().newest(), run.upTo(), nowMillis);
      return accepted;
    }

    private void checkMatch(Folded run) {
      if (ifMatch == null)
        throw new Refusal(
            ProblemType.PRECONDITION_REQUIRED,
            "Send If-Match with the ETag of GET mixer, so that nobody's change is overwritten unseen.");
      String plain = ifMatch.strip().replace("\"", "");
      if (!plain.equals("*") && !plain.equals(run.tag()))
        throw new Refusal(
                ProblemType.PRECONDITION_FAILED,
                "The run's operations have changed: the ETag is now \""
                    + run.tag()
                    + "\". Read the mixer again and decide anew.")
            .with("etag", run.tag());
    }

    private long effectiveStep(Folded run, Mixer mixer) {
      String effective = change.effective() == null ? "phase-end" : change.effective();
      long step = effective.equals("phase-end") ? phaseEnd(run) : step(run, effective);
      if (!mixer.isBoundary(0) || step != run.upTo() || run.attempts().isEmpty()) return step;
      // A trainer whose run is held gets no further batch that could announce anything: the refusal
      // of the step says that validation losses are awaited.
      if (isHeld(run)) return step;
      // Validation at upTo was not announced with the batch before it: the mixer can start one step
      // later at the earliest.
      if (!effective.equals("now") && !effective.equals("phase-end"))
        throw alreadyIssued(step, step + 1);
      return step + 1;
    }

    private static boolean isHeld(Folded run) {
      Installation next = run.next();
      return next != null && next.isHeld();
    }

    /**
     * The first step from upTo on at which the mixer that would be in force is not in a probe; upTo
     * if it is held.
     */
    private static long phaseEnd(Folded run) {
      long step = run.upTo();
      if (run.attempts().isEmpty()) return step;
      Attempt newest = run.attempts().newest();
      if (isHeld(run)) return step;
      while (run.operations().installation(newest, step).phase(step) instanceof Phase.Probe) step++;
      return step;
    }
  }

  /** What {@code start} says; absent, that it continues from the proportions in force. */
  static boolean isFromCurrent(@Nullable String start) {
    if (start == null || start.equals("current")) return true;
    if (start.equals("own")) return false;
    throw invalid(
        "`start` is `"
            + start
            + "`: use `current` to continue from the proportions in force, or `own`.");
  }

  /** Replaces all overrides. */
  record SetOverrides(OverridesChange change) implements Operate<OperationView> {
    @Override
    public OperationView execute(Fold fold, long nowMillis) {
      Folded run = fold.folded();
      run.refuseIfFinished();
      new OverridesCheck(run.spec()).check(change);
      long step = step(run, change.effective() == null ? "now" : change.effective());
      var event =
          new Event.OverrideSet(
              step,
              new TreeMap<>(change.pins()),
              Recorded.clamps(change.clamps()),
              change.who(),
              change.why());
      return accept(fold, event, nowMillis);
    }
  }

  /** Takes all overrides out of force. */
  record ClearOverrides(String who, String why) implements Operate<OperationView> {
    @Override
    public OperationView execute(Fold fold, long nowMillis) {
      Folded run = fold.folded();
      run.refuseIfFinished();
      return accept(fold, new Event.OverrideCleared(run.upTo(), who, why), nowMillis);
    }
  }

  /** Passes over rows. */
  record Skip(SkipRequest request) implements Operate<OperationView> {
    /** Seats times groups that one skip may compose: a second or so of the writer's time. */
    private static final long MAX_WORK = 1_000_000_000;

    @Override
    public OperationView execute(Fold fold, long nowMillis) {
      Folded run = fold.folded();
      run.refuseIfFinished();
      long most = MAX_WORK / run.spec().seats() / run.spec().groups().size();
      if (request.steps() < 1 || request.steps() > most)
        throw invalid("`steps` is " + request.steps() + "; use 1 to " + most + " for this run.");
      long step = step(run, Long.toString(request.atStep()));
      var event = new Event.RowsSkipped(step, request.steps(), request.who(), request.why());
      return accept(fold, event, nowMillis);
    }
  }

  /** Takes back an operation that is not issued yet, and answers it as cancelled. */
  record Cancel(long operation, String who, String why) implements Operate<OperationView> {
    @Override
    public OperationView execute(Fold fold, long nowMillis) {
      Folded run = fold.folded();
      run.refuseIfFinished();
      Operations.Accepted accepted = run.operations().find(operation);
      if (accepted == null)
        throw new Refusal(
            ProblemType.NOT_FOUND, "There is no operation " + operation + " in this run.");
      if (accepted.isCancelled())
        throw invalid("Operation " + operation + " is cancelled already.");
      long effective = accepted.event().effectiveStep();
      if (effective < run.upTo() || makesValidationDueUnannounced(run, accepted))
        throw alreadyIssued(effective, run.upTo());
      fold.append(new Event.OperationCancelled(operation, who, why), nowMillis);
      return Answers.operation(accepted);
    }

    /**
     * Taking back a swap at upTo can put a boundary there that the batch before it did not
     * announce, or whose validation has been taken by the mixer that is taken back.
     */
    private static boolean makesValidationDueUnannounced(Folded run, Operations.Accepted swap) {
      long upTo = run.upTo();
      if (run.attempts().isEmpty()
          || !(swap.event() instanceof Event.MixerInstalled)
          || swap.event().effectiveStep() != upTo) return false;
      Attempt newest = run.attempts().newest();
      Installation before = run.operations().installation(newest, upTo);
      Installation after = run.operations().installationWithout(swap, newest, upTo);
      if (after.isSameAs(before) || !after.isBoundary(upTo)) return false;
      boolean isAnnounced =
          before.isBoundary(upTo) && run.ledger().boundaryClosed(newest, upTo) == null;
      return !isAnnounced;
    }
  }

  /** Ends the run. Answers whether this did: a run is finished once. */
  record Finish(String who, String why) implements Operate<Boolean> {
    @Override
    public Boolean execute(Fold fold, long nowMillis) {
      if (fold.folded().isFinished()) return false;
      fold.append(new Event.RunFinished(who, why), nowMillis);
      return true;
    }
  }

  private static OperationView accept(Fold fold, Event.Operation event, long nowMillis) {
    fold.append(event, nowMillis);
    return Answers.operation(fold.folded().operations().all().getLast());
  }

  private static long step(Folded run, String effective) {
    if (effective.equals("now")) return run.upTo();
    long step;
    try {
      step = Long.parseLong(effective);
    } catch (NumberFormatException e) {
      throw invalid(
          "`effective` is `"
              + effective
              + "`: use `now`, `phase-end` (mixers only) or a step number.");
    }
    if (step < run.upTo()) throw alreadyIssued(step, run.upTo());
    return step;
  }

  private static Refusal alreadyIssued(long step, long upTo) {
    return new Refusal(
            ProblemType.ALREADY_ISSUED,
            "Step "
                + step
                + " cannot be changed any more; the first step that can is "
                + upTo
                + ". Use that, or `now`.")
        .with("upTo", upTo);
  }

  private static Refusal invalid(String detail) {
    return new Refusal(ProblemType.INVALID_OPERATION, detail);
  }
}
