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
            "commit(now); for (Task<?> task : batch) task.answer();",
            "for (Task<?> task : batch) task.answer(); commit(now);"),
        of(
            "publishes before it forces",
            "run/RunWriter",
            "store.append(now.pending()); now.committed(); publish(now);",
            "publish(now); store.append(now.pending()); now.committed();"),
        of(
            "decides L + 1 steps ahead",
            "fold/Proposals",
            "step < in.effectiveStep() + lookahead ? started(in) : closed(in, owner, step - lookahead)",
            "step <= in.effectiveStep() + lookahead ? started(in)"
                + " : closed(in, owner, step - lookahead - 1)"),
        of(
            "accepts a fenced post",
            "command/Recorder",
            "if (a.isSuperseded()) throw RunCore.fenced(a); boolean validation",
            "boolean validation"),
        of(
            "takes other feedback for the same key",
            "command/Recorder",
            "if (recorded.groups().equals(positiveZeros(request)) && Objects.equals(recorded.learningRate(), request.learningRate()))",
            "if (a.number >= 0)"),
        of(
            "closes a step as soon as it is complete, out of order",
            "command/Recorder",
            "else core.closeComplete(a, nowMillis); return",
            "else if (core.isComplete(a, step) && core.operations.installation(a, step).awaitsStep())"
                + " core.append(core.closer().closeStep(a, step, true), nowMillis); return"),
        of(
            "sums the reporters in another order",
            "fold/Closer",
            "observed.step(at, posts.values(), history)",
            "observed.step(at, posts.reversed().values(), history)"),
        of(
            "weighs by the newest q",
            "fold/Closer",
            "seenAt(plan, in.effectiveStep()",
            "seenAt(planner.plan(attempt, attempt.upTo - 1) instanceof StepPlan last"
                + " ? new StepPlan(plan.attempt(), step, in, plan.proposal(), last.q(), plan.units())"
                + " : plan, in.effectiveStep()"),
        of(
            "lets a superseded attempt see later operations",
            "fold/Operations",
            "if (o.sequence < a.fencedAtSequence && o.",
            "if (o."),
        of(
            "leaves the carry of a masked group",
            "sampler/Seating",
            "weights = Weights.of(shares, masked); spreadCarry();",
            "weights = Weights.of(shares, masked);"));
  }

  private static List<Mutant> ofBoundaries() {
    return List.of(
        of(
            "counts a segment's rows from the beginning",
            "fold/Closer",
            "Observed.difference(here.rows(), rowsAtLast)",
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
            "goes on with a core whose append failed",
            "run/RunWriter",
            "core = null; // it may hold what the store does not: read it again before the next command",
            ""),
        of(
            "keeps the old view when it opens the core again",
            "run/RunWriter",
            "publish(opened); opened.committed();",
            "opened.committed();"),
        of(
            "opens the core without its closes",
            "fold/RunCore",
            "Math.max(a.fromStep, store.lastStepClosed(a.number) + 1)",
            "a.fromStep"),
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
            "fold/RunCore",
            "long decided = decidedUpTo(a, step + 1 + spec.issueAhead());",
            "long decided = step + 1 + spec.issueAhead();"),
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
                "fold/Attempts",
                "Math.min(opened.fromStep(), a.upTo)",
                "opened.fromStep()")
            .and(
                "fold/RunCore",
                "if (step < a.upTo) return new Issue.Done(); if (a.isSuperseded()) throw fenced(a);",
                "if (step < a.upTo) return new Issue.Done();"),
        of(
                "closes the past after the opening's commit",
                "command/Launcher",
                "closeAsMissing(core.attempts.newest(), nowMillis); closeInherited",
                "closeInherited")
            .and("command/Launcher", "private void closeAsMissing(", "void closeAsMissing(")
            .and(
                "fold/RunCore",
                "throw tooFarAhead(a, step); long decided =",
                "throw tooFarAhead(a, step); new Launcher(this).closeAsMissing(a, nowMillis); long decided ="),
        of(
            "opens another attempt for a repeated launch",
            "command/Launcher",
            "if (known != null) return answer(sameLaunch(known, request));",
            ""),
        of(
            "inherits validation that nobody posted",
            "fold/Ledger",
            "return own.posted() || !postedOnly ? own : null;",
            "return own;"),
        of(
            "leaves inherited validation to the mixer it was closed for",
            "command/Launcher",
            "closeInherited(core.attempts.newest(), nowMillis); return",
            "return"));
  }

  private static List<Mutant> ofOperators() {
    return List.of(
        of(
            "accepts an operation below upTo",
            "command/Operator",
            "if (step < core.upTo()) throw alreadyIssued(step, core.upTo()); return step;",
            "return step;"),
        of(
            "keeps what was cancelled",
            "fold/Operations",
            "&& o.cancelledAtSequence >= a.fencedAtSequence",
            ""),
        of(
            "lets a superseded attempt see later cancellations",
            "fold/Operations",
            "&& o.cancelledAtSequence >= a.fencedAtSequence",
            "&& o.cancelledAtSequence == Long.MAX_VALUE"),
        of(
            "lets the first accepted win",
            "fold/Operations",
            ".thenComparingLong(o -> o.sequence)",
            ".thenComparingLong(o -> -o.sequence)"),
        of(
            "keeps plans that an operation changed",
            "fold/RunCore",
            "operations.add(entry.sequence(), entry.atMillis(), e); unissuedChanged();",
            "operations.add(entry.sequence(), entry.atMillis(), e);"),
        of(
            "takes back a swap that has taken its validation",
            "command/Operator",
            "&& core.ledger().boundaryClosed(core.attempts.newest(), upTo) == null",
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
            "run/IssuedStep",
            "int first = Math.max(rank, 0) * share;",
            "int first = Math.max(rank - 1, 0) * share;"),
        of(
            "pins the wrong group",
            "sampler/Overrides",
            "shares[group] = share; held[group] = true;",
            "shares[shares.length - 1 - group] = share; held[shares.length - 1 - group] = true;"));
  }
}
