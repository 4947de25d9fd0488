package dev.mixwell.command;

import dev.mixwell.api.MixerChange;
import dev.mixwell.api.OverridesChange;
import dev.mixwell.api.SkipRequest;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Operations;
import dev.mixwell.fold.RunCore;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.Mixers;
import dev.mixwell.mixer.Phase;
import dev.mixwell.timeline.Event;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators may do to a run: swap the mixer, override shares, pass over rows, take back what
 * is not yet issued. Each takes effect at a step that is not issued. Owned by the run's writer.
 */
public final class Operator {
  /** Seats times groups that one skip may compose: a second or so of the writer's time. */
  private static final long MAX_SKIP_WORK = 1_000_000_000;

  private final RunCore core;

  public Operator(RunCore core) {
    this.core = core;
  }

  /**
   * @param ifMatch the ETag the change is based on
   */
  public Operations.Accepted swap(MixerChange change, @Nullable String ifMatch, long nowMillis) {
    core.refuseIfFinished();
    checkMatch(ifMatch);
    Mixer mixer = Mixers.create(change.mixer(), RunCore.context(core.created));
    boolean isFromCurrent = isFromCurrent(change.start());
    String effective = change.effective() == null ? "phase-end" : change.effective();
    long step = effective.equals("phase-end") ? phaseEnd() : step(effective);
    if (mixer.isBoundary(0) && step == core.upTo() && !core.attempts.isEmpty()) {
      // Validation at upTo was not announced with the batch before it: the mixer can start one step
      // later at the earliest.
      if (!effective.equals("now") && !effective.equals("phase-end"))
        throw alreadyIssued(step, step + 1);
      step++;
    }
    var event =
        new Event.MixerInstalled(
            step, change.mixer(), mixer.version(), isFromCurrent, change.who(), change.why());
    return core.accept(event, nowMillis);
  }

  /** What {@code start} says; absent, that it continues from the proportions in force. */
  public static boolean isFromCurrent(@Nullable String start) {
    if (start == null || start.equals("current")) return true;
    if (start.equals("own")) return false;
    throw invalid(
        "`start` is `"
            + start
            + "`: use `current` to continue from the proportions in force, or `own`.");
  }

  public Operations.Accepted override(OverridesChange change, long nowMillis) {
    core.refuseIfFinished();
    new OverridesCheck(core.spec()).check(change);
    long step = step(change.effective() == null ? "now" : change.effective());
    return core.accept(
        new Event.OverrideSet(
            step,
            new TreeMap<>(change.pins()),
            new TreeMap<>(change.clamps()),
            change.who(),
            change.why()),
        nowMillis);
  }

  public Operations.Accepted clearOverrides(String who, String why, long nowMillis) {
    core.refuseIfFinished();
    return core.accept(new Event.OverrideCleared(core.upTo(), who, why), nowMillis);
  }

  public Operations.Accepted skip(SkipRequest request, long nowMillis) {
    core.refuseIfFinished();
    long most = MAX_SKIP_WORK / core.spec().seats() / core.spec().groups().size();
    if (request.steps() < 1 || request.steps() > most)
      throw invalid("`steps` is " + request.steps() + "; use 1 to " + most + " for this run.");
    long step = step(Long.toString(request.atStep()));
    return core.accept(
        new Event.RowsSkipped(step, request.steps(), request.who(), request.why()), nowMillis);
  }

  public void cancel(long operation, String who, String why, long nowMillis) {
    core.refuseIfFinished();
    Operations.Accepted accepted = core.operations.find(operation);
    if (accepted == null)
      throw new Refusal(
          ProblemType.NOT_FOUND, "There is no operation " + operation + " in this run.");
    if (accepted.cancelledAtSequence != Long.MAX_VALUE)
      throw invalid("Operation " + operation + " is cancelled already.");
    long effective = accepted.event.effectiveStep();
    if (effective < core.upTo() || makesValidationDueUnannounced(accepted))
      throw alreadyIssued(effective, core.upTo());
    core.cancel(accepted, who, why, nowMillis);
  }

  /**
   * Taking back a swap at upTo can put a boundary there that the batch before it did not announce,
   * or whose validation has been taken by the mixer that is taken back.
   */
  private boolean makesValidationDueUnannounced(Operations.Accepted swap) {
    long upTo = core.upTo();
    if (core.attempts.isEmpty()
        || !(swap.event instanceof Event.MixerInstalled)
        || swap.event.effectiveStep() != upTo) return false;
    Installation before = installationAt(upTo);
    swap.cancelledAtSequence = -1; // as if it had never been: asked, then put back
    core.operations.viewsChanged();
    Installation after = installationAt(upTo);
    swap.cancelledAtSequence = Long.MAX_VALUE;
    core.operations.viewsChanged();
    if (after.isSameAs(before) || !after.isBoundary(upTo)) return false;
    boolean isAnnounced =
        before.isBoundary(upTo)
            && core.ledger().boundaryClosed(core.attempts.newest(), upTo) == null;
    return !isAnnounced;
  }

  private Installation installationAt(long step) {
    return core.operations.installation(core.attempts.newest(), step);
  }

  private long step(String effective) {
    if (effective.equals("now")) return core.upTo();
    long step;
    try {
      step = Long.parseLong(effective);
    } catch (NumberFormatException e) {
      throw invalid(
          "`effective` is `"
              + effective
              + "`: use `now`, `phase-end` (mixers only) or a step number.");
    }
    if (step < core.upTo()) throw alreadyIssued(step, core.upTo());
    return step;
  }

  /** The first step from upTo on at which the mixer that would be in force is not in a probe. */
  private long phaseEnd() {
    long step = core.upTo();
    if (core.attempts.isEmpty()) return step;
    while (installationAt(step).phase(step) instanceof Phase.Probe) step++;
    return step;
  }

  private void checkMatch(@Nullable String ifMatch) {
    if (ifMatch == null)
      throw new Refusal(
          ProblemType.PRECONDITION_REQUIRED,
          "Send If-Match with the ETag of GET mixer, so that nobody's change is overwritten unseen.");
    String plain = ifMatch.strip().replace("\"", "");
    if (!plain.equals("*") && !plain.equals(core.tag()))
      throw new Refusal(
              ProblemType.PRECONDITION_FAILED,
              "The run's operations have changed: the ETag is now \""
                  + core.tag()
                  + "\". Read the mixer again and decide anew.")
          .with("etag", core.tag());
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
