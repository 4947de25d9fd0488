package dev.mixwell.verify;

import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.fold.Attempt;
import dev.mixwell.fold.Fold;
import dev.mixwell.fold.Folded;
import dev.mixwell.fold.Installation;
import dev.mixwell.fold.Planned;
import dev.mixwell.fold.StepPlan;
import dev.mixwell.mixer.Mixer;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes a recorded run: every close from the feedback recorded for it, with the mixer's
 * arithmetic, and every step's plan, position and order. What differs from the record is listed.
 * Owned by one thread, used once.
 */
public final class RunVerifier {
  /** Entries read at a time. */
  private static final int PAGE = 1_000;

  private final TimelineStore store;
  private final Fold fold;
  private final Folded run;
  private final List<String> differences = new ArrayList<>();
  private long closes;
  private long steps;

  /** Of the attempt that issues: only the newest one does. */
  private long verifiedUpTo;

  /**
   * @param store verified as it is opened: damage is a refusal, not a difference
   */
  public RunVerifier(TimelineStore store) {
    this.store = store;
    this.fold = new Fold(store, Mixer::fold);
    this.run = fold.folded();
  }

  /**
   * @param entries of the timeline
   * @param closes recomputed
   * @param steps planned again, over all attempts
   * @param differences by sequence number; none if the record is what the rules give
   */
  public record Report(long entries, long closes, long steps, List<String> differences) {}

  /** Tells how far it is. */
  public interface Progress {
    void at(long entry, long entries);
  }

  public Report verify(Progress progress) {
    long size = store.size();
    for (long from = 0; from < size; from += PAGE) {
      for (Entry entry : store.read(from, Math.min(size, from + PAGE))) verifyIfPresent(entry);
      fold.forget();
      progress.at(Math.min(size, from + PAGE), size);
    }
    return new Report(size, closes, steps, List.copyOf(differences));
  }

  /** What another version of a mixer has decided cannot be computed again here, and is said. */
  private void verifyIfPresent(Entry entry) {
    try {
      verify(entry);
    } catch (Refusal refusal) {
      if (refusal.type() != ProblemType.MIXER_VERSION) throw refusal;
      differences.add(
          "sequence %d: decided by version %s of the mixer `%s`, and here is version %s"
              .formatted(
                  entry.sequence(),
                  refusal.facts().get("recordedVersion"),
                  refusal.facts().get("mixer"),
                  refusal.facts().get("presentVersion")));
    }
  }

  private void verify(Entry entry) {
    switch (entry.event()) {
      case Event.AttemptOpened opened -> verifiedUpTo = opened.fromStep();
      case Event.Issued issued -> verifyIssued(entry.sequence(), issued);
      case Event.StepClosed close -> {
        Attempt a = run.attempts().get(close.attempt());
        compare(entry.sequence(), close, run.closer().closeStep(a, close.step(), close.complete()));
      }
      case Event.BoundaryClosed close -> {
        Attempt a = run.attempts().get(close.attempt());
        Installation in = run.operations().installed(a, close.decided().operation());
        if (in == null || !in.isBoundary(close.step()))
          differences.add(
              "sequence %d: operation %d has no boundary at step %d"
                  .formatted(entry.sequence(), close.decided().operation(), close.step()));
        else compare(entry.sequence(), close, run.closer().closeBoundary(a, close.step(), in));
      }
      case Event.RunCreated _, Event.FeedbackPosted _, Event.RunFinished _ -> {}
      case Event.Operation _, Event.OperationCancelled _ -> {}
    }
  }

  private void compare(long sequence, Event recorded, Event computed) {
    closes++;
    String expected = Json.write(computed);
    String found = Json.write(recorded);
    if (!expected.equals(found))
      differences.add("sequence " + sequence + ": recorded " + found + " but computed " + expected);
  }

  private void verifyIssued(long sequence, Event.Issued issued) {
    Attempt a = run.attempts().get(issued.attempt());
    for (long step = verifiedUpTo; step < issued.upTo(); step++) {
      String flaw = flaw(a, step);
      if (flaw != null) differences.add("sequence " + sequence + ": step " + step + " " + flaw);
      steps++;
    }
    verifiedUpTo = issued.upTo();
  }

  private @Nullable String flaw(Attempt a, long step) {
    return switch (run.plan(a, step)) {
      case StepPlan _ -> null;
      case Planned.Undecided undecided ->
          "was issued, but waits for the close of step " + undecided.step();
      case Planned.Held(Installation by) -> by.held("what decided it is not recorded").getMessage();
      case Planned.Exhausted _ -> "was issued, but the data is used up";
    };
  }
}
