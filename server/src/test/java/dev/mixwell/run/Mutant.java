package dev.mixwell.run;

import java.util.ArrayList;
import java.util.List;

/**
 * A bug of ours, put into the source on purpose.
 *
 * @param name what the server now does wrong
 */
public record Mutant(String name, List<Edit> edits) {
  /**
   * @param file below dev/mixwell, without {@code .java}
   * @param snippet that stands there once; spaces and line ends count alike
   */
  public record Edit(String file, String snippet, String replacement) {}

  public static Mutant of(String name, String file, String snippet, String replacement) {
    return new Mutant(name, List.of(new Edit(file, snippet, replacement)));
  }

  private Mutant and(String file, String snippet, String replacement) {
    var more = new ArrayList<>(edits);
    more.add(new Edit(file, snippet, replacement));
    return new Mutant(name, more);
  }

  /** Whether both are in one file. */
  boolean meets(Mutant other) {
    return edits.stream()
        .anyMatch(mine -> other.edits.stream().anyMatch(edit -> edit.file().equals(mine.file())));
  }

  static List<Mutant> all() {
    var all = new ArrayList<Mutant>();
    all.addAll(first());
    all.addAll(ofWriter());
    all.addAll(ofDecisions());
    all.addAll(ofAttempts());
    all.addAll(ofOperators());
    all.addAll(ofRows());
    all.addAll(ofBoundaries());
    return all;
  }

  /** Those that the short form tries: one of each kind. */
  private static List<Mutant> first() {
    return List.of(
        of(
            "answers before it forces",
            "run/RunWriter",
            "commit(now, nowMillis); for (Task<?> task : executed) task.answer();",
            "for (Task<?> task : executed) task.answer(); commit(now, nowMillis);"),
        of(
            "publishes before it forces",
            "run/RunWriter",
            "append(now.pending(), nowMillis); now.committed(); publish(now, nowMillis);",
            "publish(now, nowMillis); append(now.pending(), nowMillis); now.committed();"),
        of(
            "decides L + 1 steps ahead",
            "fold/Proposals",
            "step < in.effectiveStep() + lookahead ? started(in) : closed(in, owner, step - lookahead)",
            "step <= in.effectiveStep() + lookahead ? started(in)"
                + " : closed(in, owner, step - lookahead - 1)"),
        of("accepts a fenced post", "command/PostFeedback", "a.refuseIfSuperseded();", ""),
        of(
            "takes other feedback for the same key",
            "command/PostFeedback",
            "if (recorded.groups().equals(positiveZeros()) && Objects.equals(recorded.learningRate(), request.learningRate()))",
            "if (a.number() >= 0)"),
        of(
            "closes a step as soon as it is complete, out of order",
            "command/PostFeedback",
            "else Closing.completeSteps(fold, a, nowMillis); return",
            "else if (run.isComplete(a, step) && run.operations().installation(a, step).awaitsStep())"
                + " fold.append(run.closer().closeStep(a, step, true), nowMillis); return"),
        of(
            "sums the reporters in another order",
            "fold/Closer",
            "observed.step(at, posts.values(), history)",
            "observed.step(at, posts.reversed().values(), history)"),
        of(
            "weighs by the newest q",
            "fold/Closer",
            "seenAt(plan, in.effectiveStep()",
            "seenAt(planner.plan(attempt, attempt.upTo() - 1) instanceof StepPlan last"
                + " ? new StepPlan(plan.attempt(), step, in, plan.proposal(), last.q(), plan.units())"
                + " : plan, in.effectiveStep()"),
        of(
            "lets a superseded attempt see later operations",
            "fold/Operations",
            "if (o.sequence < a.supersededAt() && o.",
            "if (o."),
        of(
            "leaves the carry of a masked group",
            "sampler/Seating",
            "weights = SeatWeights.of(shares, masked); spreadCarry();",
            "weights = SeatWeights.of(shares, masked);"));
  }

  private static List<Mutant> ofBoundaries() {
    return List.of(
        of(
            "counts a segment's rows from the beginning",
            "fold/Closer",
            "here.rowsSince(rowsAtLast)",
            "here.rows()"),
        of(
            "records a boundary's place a step late",
            "fold/Planner",
            "return boundary == null ? null : boundary.position();",
            "return ledger.boundaryClosed(attempt, step - 1) == null ? null : ledger.boundaryClosed(attempt, step - 1).position();"));
  }

  private static List<Mutant> ofWriter() {
    return List.of(
        of(
            "goes on with a fold whose append failed",
            "run/RunWriter",
            "fold = null; fail(tasks, failure);",
            "fail(tasks, failure);"),
        of(
            "keeps what a command that threw had appended",
            "run/RunWriter",
            "if (before.pendingCount() > pending)",
            "if (before.pendingCount() < pending)"),
        of(
            "keeps the old view when it opens the run again",
            "run/RunWriter",
            "publish(opened, nowMillis); opened.forget();",
            "opened.forget();"),
        of(
            "opens the run without its closes",
            "fold/Folded",
            "a.closed(store.lastStepClosed(a.number()));",
            ""),
        of(
            "takes up a step at the place after it",
            "fold/Planner",
            "Event.StepClosed close = ledger.stepClosed(owner, step - 1);",
            "Event.StepClosed close = ledger.stepClosed(owner, step);"));
  }

  private static List<Mutant> ofDecisions() {
    return List.of(
        of(
            "decides L - 1 steps ahead",
            "fold/Proposals",
            "step < in.effectiveStep() + lookahead ? started(in) : closed(in, owner, step - lookahead)",
            "step < in.effectiveStep() + lookahead - 1 ? started(in)"
                + " : closed(in, owner, step - lookahead + 1)"),
        of(
            "issues beyond the first undecided step",
            "command/Issue",
            "long decided = run.decidedUpTo(a, step + 1 + issueAhead);",
            "long decided = step + 1 + issueAhead;"),
        of(
            "begins a probe round from the installing attempt",
            "fold/Proposals",
            "before = at(owner.owner(last), last); } return before instanceof",
            "before = at(in.attempt().owner(last), last); } return before instanceof"),
        of(
            "lets a successor start from a probe's row",
            "fold/Proposals",
            "new Proposal.Proposed(probe.p(), p.successor(), null)",
            "new Proposal.Proposed(probe.p(), probe.p(), null)"),
        of(
            "lets a successor start from two steps before",
            "fold/Proposals",
            "long last = step - 1;",
            "long last = Math.max(0, step - 2);"),
        of(
            "gives a swapped mixer the state of the one before",
            "fold/Closer",
            "step > in.effectiveStep() ? ledger.stepClosed(attempt, step - 1) : null",
            "step > 0 ? ledger.stepClosed(attempt, step - 1) : null"),
        of("names no reporters", "fold/Closer", "List.copyOf(posts.keySet())", "List.of()"));
  }

  private static List<Mutant> ofAttempts() {
    return List.of(
        of(
                "fences from the new attempt's first step only",
                "fold/Attempt",
                "Math.min(from, upTo)",
                "from")
            .and(
                "command/Issue",
                "if (a.isSuperseded()) return new Outcome.Never(a.superseded());",
                ""),
        of(
                "closes the past after the opening's commit",
                "command/OpenAttempt",
                "closeAsMissing(fold, run.attempts().newest(), nowMillis); Closing.known",
                "Closing.known")
            .and(
                "command/OpenAttempt",
                "private static void closeAsMissing(",
                "static void closeAsMissing(")
            .and(
                "command/Issue",
                "throw tooFarAhead(a, last); long decided =",
                "throw tooFarAhead(a, last); OpenAttempt.closeAsMissing(fold, a, nowMillis);"
                    + " long decided ="),
        of(
            "opens another attempt for a repeated launch",
            "command/OpenAttempt",
            "if (known != null) return answer(run, sameLaunch(known));",
            ""),
        of(
            "inherits validation that nobody posted",
            "fold/Ledger",
            "return own.posted() || !postedOnly ? own : null;",
            "return own;"),
        of(
            "leaves inherited validation to the mixer it was closed for",
            "command/OpenAttempt",
            "Closing.known(fold, run.attempts().newest(), request.fromStep(), nowMillis); return",
            "return"));
  }

  private static List<Mutant> ofOperators() {
    return List.of(
        of(
            "accepts an operation below upTo",
            "command/Operate",
            "if (step < run.upTo()) throw alreadyIssued(step, run.upTo()); return step;",
            "return step;"),
        of(
            "keeps what was cancelled",
            "fold/Operations",
            "&& o.cancelledAt >= a.supersededAt()",
            ""),
        of(
            "lets a superseded attempt see later cancellations",
            "fold/Operations",
            "&& o.cancelledAt >= a.supersededAt()",
            "&& o.cancelledAt == Accepted.NEVER"),
        of(
            "lets the first accepted win",
            "fold/Operations",
            ".thenComparingLong(o -> o.sequence)",
            ".thenComparingLong(o -> -o.sequence)"),
        of(
            "keeps plans that an operation changed",
            "fold/Folded",
            "operations.add(entry.sequence(), entry.atMillis(), e); unissuedChanged();",
            "operations.add(entry.sequence(), entry.atMillis(), e);"),
        of(
            "takes back a swap that has taken its validation",
            "command/Operate",
            "&& run.ledger().boundaryClosed(newest, upTo) == null",
            ""),
        of(
            "skips twice",
            "sampler/Composer",
            "(long) request.skipSteps() * seats",
            "2L * request.skipSteps() * seats"));
  }

  private static List<Mutant> ofRows() {
    return List.of(
        of(
            "keeps the carry at the start of a probe segment",
            "sampler/Composer",
            "request.resetCarry() ? new long[rows.length] : from.carry()",
            "from.carry()"),
        of(
            "shares a step unequally",
            "run/StepRows",
            "int first = rank * units;",
            "int first = Math.max(rank - 1, 0) * units;"),
        of(
            "pins the wrong group",
            "sampler/Overrides",
            "shares[group] = share; held[group] = true;",
            "shares[shares.length - 1 - group] = share; held[shares.length - 1 - group] = true;"));
  }
}
