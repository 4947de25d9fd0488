package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.mixer.Decision;
import dev.mixwell.mixer.Phase;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.timeline.Event;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who decided a step: its installation for the first L steps, a close L steps earlier, a schedule,
 * or a boundary. Owned by the run's writer.
 */
final class Proposals {
  private record InstallationKey(int attempt, long operation)
      implements Comparable<InstallationKey> {
    @Override
    public int compareTo(InstallationKey o) {
      return attempt != o.attempt
          ? Integer.compare(attempt, o.attempt)
          : Long.compare(operation, o.operation);
    }
  }

  private final int lookahead;
  private final Operations operations;
  private final Ledger ledger;
  private final Map<InstallationKey, Decision> starts = new TreeMap<>();

  Proposals(int lookahead, Operations operations, Ledger ledger) {
    this.lookahead = lookahead;
    this.operations = operations;
    this.ledger = ledger;
  }

  /** Whoever changes operations calls this: a start may now follow on other proportions. */
  void operationsChanged() {
    starts.clear();
  }

  /**
   * What is recorded is taken from the record, whatever version the mixer has. What is not (the
   * start, constants, schedules and probes) is computed again: for steps that are issued by the
   * version at hand, for others only by the version that is recorded.
   *
   * @param owner of the step
   */
  Proposal at(Attempt owner, long step) {
    Installation in = operations.installation(owner, step);
    if (in.isHeld() && step >= owner.upTo() && !isRecorded(in, step)) return new Proposal.Held(in);
    return switch (in.phase(step)) {
      case Phase.Constant() -> started(in);
      case Phase.Online() ->
          step < in.effectiveStep() + lookahead ? started(in) : closed(in, owner, step - lookahead);
      case Phase.Scheduled(Proportions p) -> new Proposal.Proposed(p, p, null);
      case Phase.AfterBoundary(long offset) -> bounded(in, owner, in.effectiveStep() + offset);
      case Phase.Probe probe -> probed(in, owner, probe);
    };
  }

  /** Whether a close says what holds at the step, once it is there. */
  private boolean isRecorded(Installation in, long step) {
    return switch (in.phase(step)) {
      case Phase.Online() -> step >= in.effectiveStep() + lookahead;
      case Phase.AfterBoundary(long _) -> true;
      case Phase.Constant(), Phase.Scheduled(Proportions _), Phase.Probe _ -> false;
    };
  }

  /**
   * The state and proportions an installation starts with; null while what it continues from is
   * undecided.
   */
  @Nullable Decision start(Installation in) {
    return start(in, before(in));
  }

  private @Nullable Decision start(Installation in, @Nullable Proposal before) {
    if (before instanceof Proposal.Waits || before instanceof Proposal.Held) return null;
    var key = new InstallationKey(in.attempt().number(), in.operation());
    Decision known = starts.get(key);
    if (known != null) return known;
    Proportions current = before instanceof Proposal.Proposed p ? p.successor() : null;
    Decision start = in.mixer().start(current);
    starts.put(key, start);
    return start;
  }

  /** The proposal an installation continues from; null if it starts on its own. */
  private @Nullable Proposal before(Installation in) {
    return in.event().fromCurrent() ? before(in.attempt(), in.effectiveStep()) : null;
  }

  /** What is said for the step before; null if there is none. */
  @Nullable Proposal before(Attempt attempt, long step) {
    if (step == 0) return null;
    long last = step - 1;
    return at(attempt.owner(last), last);
  }

  private Proposal started(Installation in) {
    Proposal before = before(in);
    Decision start = start(in, before);
    if (start == null) return Objects.requireNonNull(before);
    return new Proposal.Proposed(start.p(), start.p(), start.lossWeights());
  }

  private Proposal closed(Installation in, Attempt owner, long step) {
    Event.StepClosed close = ledger.stepClosed(owner, step);
    if (close != null) return proposed(close.decided());
    if (in.isHeld()) return new Proposal.Held(in);
    FeedbackKind kind = in.mixer().awaits();
    return new Proposal.Waits(kind == null ? FeedbackKind.TRAIN : kind, step);
  }

  private Proposal bounded(Installation in, Attempt owner, long boundary) {
    Event.BoundaryClosed close = ledger.boundaryClosed(owner, boundary);
    if (close != null) return proposed(close.decided());
    return in.isHeld()
        ? new Proposal.Held(in)
        : new Proposal.Waits(FeedbackKind.VALIDATION, boundary);
  }

  /** A round after the first may begin in an heir of the attempt that installed the mixer. */
  private Proposal probed(Installation in, Attempt owner, Phase.Probe probe) {
    Proposal before = started(in);
    if (probe.roundStart() > 0) {
      long last = in.effectiveStep() + probe.roundStart() - 1;
      before = at(owner.owner(last), last);
    }
    return before instanceof Proposal.Proposed p
        ? new Proposal.Proposed(probe.p(), p.successor(), null)
        : before;
  }

  private static Proposal proposed(Event.Decided decided) {
    Proportions p = Proportions.of(decided.p());
    return new Proposal.Proposed(p, p, decided.lossWeights());
  }
}
