package dev.mixwell.answer;

import dev.mixwell.api.RunEvent;
import dev.mixwell.fold.Recorded;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Entries of a run's timeline as events for others. Thread-safe. */
public final class EventAnswers {
  private final GroupNames groups;
  private final int lookahead;

  public EventAnswers(Event.RunCreated created) {
    this.groups = GroupNames.of(created);
    this.lookahead = created.spec().lookahead();
  }

  public RunEvent event(Entry entry) {
    String at = Instant.ofEpochMilli(entry.atMillis()).toString();
    return switch (entry.event()) {
      case Event.RunCreated e ->
          new RunEvent.RunCreated(at, groups.names(), Recorded.mixerSpec(e.spec().mixer()));
      case Event.AttemptOpened e ->
          new RunEvent.AttemptOpened(at, e.attempt(), e.fromStep(), e.world(), e.parent());
      case Event.Issued e -> new RunEvent.Issued(at, e.attempt(), e.upTo());
      case Event.FeedbackPosted e ->
          new RunEvent.Feedback(
              at,
              e.attempt(),
              e.kind(),
              e.step(),
              e.reporter(),
              Recorded.groupFeedback(e.groups()),
              e.learningRate());
      case Event.StepClosed e -> closed(at, e);
      case Event.BoundaryClosed e ->
          new RunEvent.BoundaryClosed(
              at,
              e.attempt(),
              e.step(),
              e.posted(),
              decider(e.decided()),
              groups.shares(e.decided().p()),
              lossWeights(e.decided()));
      case Event.Operation e -> Answers.operation(entry.sequence(), entry.atMillis(), e);
      case Event.OperationCancelled e ->
          new RunEvent.OperationCancelled(at, e.operation(), e.who(), e.why());
      case Event.RunFinished e -> new RunEvent.RunFinished(at, e.who(), e.why());
    };
  }

  private RunEvent closed(String at, Event.StepClosed e) {
    return new RunEvent.StepClosed(
        at,
        e.attempt(),
        e.kind(),
        e.step(),
        e.step() + lookahead,
        e.reporters(),
        e.complete(),
        decider(e.decided()),
        groups.shares(e.decided().p()),
        groups.shares(Objects.requireNonNull(e.position().q())), // null before the first step only
        lossWeights(e.decided()));
  }

  private static RunEvent.Decider decider(Event.Decided decided) {
    return new RunEvent.Decider(decided.mixer(), decided.version(), decided.operation());
  }

  private @Nullable Map<String, Double> lossWeights(Event.Decided decided) {
    double[] weights = decided.lossWeights();
    return weights == null ? null : groups.shares(weights);
  }
}
