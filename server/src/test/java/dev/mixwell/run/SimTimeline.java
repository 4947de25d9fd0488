package dev.mixwell.run;

import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A timeline read straight from the contract, slowly and without any of the server's code: who
 * owned what, what each attempt saw, who closed what.
 */
final class SimTimeline {
  private static final long NEVER = Long.MAX_VALUE;

  static final class Launch {
    final Event.AttemptOpened opened;
    final long sequence;
    long fencedAt = NEVER;
    long upTo;

    /** Sequence of the event that issued each of its steps. */
    final TreeMap<Long, Long> issuedAt = new TreeMap<>();

    Launch(Event.AttemptOpened opened, long sequence) {
      this.opened = opened;
      this.sequence = sequence;
      this.upTo = opened.fromStep();
    }

    int number() {
      return opened.attempt();
    }
  }

  /** An operator's event; cancelledAt NEVER if it stands. */
  record Operation(long sequence, Event.Operation event, long cancelledAt) {}

  /** A part [from, to) of a lineage and the attempt that owns it. */
  record Stretch(Launch launch, long from, long to) {
    boolean holds(long step) {
      return step >= from && step < to;
    }
  }

  record Close<T>(long sequence, T event) {}

  private record Place(int attempt, long step) {}

  final List<Launch> launches = new ArrayList<>();
  final List<Operation> operations = new ArrayList<>();
  final List<Close<Event.StepClosed>> steps = new ArrayList<>();
  final List<Close<Event.BoundaryClosed>> boundaries = new ArrayList<>();
  final List<Event.FeedbackPosted> posts = new ArrayList<>();
  private final Map<Place, Close<Event.StepClosed>> stepAt = new HashMap<>();
  private final Map<Place, Close<Event.BoundaryClosed>> boundaryAt = new HashMap<>();

  SimTimeline(List<Entry> log) {
    var cancelled = new HashMap<Long, Long>();
    for (Entry entry : log)
      if (entry.event() instanceof Event.OperationCancelled c)
        cancelled.put(c.operation(), entry.sequence());
    for (Entry entry : log) add(entry, cancelled);
  }

  private void add(Entry entry, Map<Long, Long> cancelled) {
    long sequence = entry.sequence();
    switch (entry.event()) {
      case Event.AttemptOpened e -> {
        for (Launch launch : launches) launch.fencedAt = Math.min(launch.fencedAt, sequence);
        if (e.attempt() != launches.size())
          throw new Broken("LOG", "attempt " + e.attempt() + " follows " + (launches.size() - 1));
        for (Launch launch : launches)
          if (launch.opened.launchId().equals(e.launchId()))
            throw new Broken("TWICE", e.launchId() + " opened another attempt");
        launches.add(new Launch(e, sequence));
      }
      case Event.Issued e -> {
        Launch launch = active(e.attempt(), sequence);
        for (long k = launch.upTo; k < e.upTo(); k++) launch.issuedAt.put(k, sequence);
        launch.upTo = e.upTo();
      }
      case Event.FeedbackPosted e -> {
        active(e.attempt(), sequence);
        posts.add(e);
      }
      case Event.StepClosed e -> {
        active(e.attempt(), sequence);
        var close = new Close<>(sequence, e);
        steps.add(close);
        if (stepAt.put(new Place(e.attempt(), e.step()), close) != null)
          throw new Broken("LOG", "step " + e.step() + " closed twice");
      }
      case Event.BoundaryClosed e -> {
        active(e.attempt(), sequence);
        var close = new Close<>(sequence, e);
        boundaries.add(close);
        if (boundaryAt.put(new Place(e.attempt(), e.step()), close) != null)
          throw new Broken("LOG", "boundary " + e.step() + " closed twice");
      }
      case Event.Operation e ->
          operations.add(new Operation(sequence, e, cancelled.getOrDefault(sequence, NEVER)));
      case Event.RunCreated _, Event.OperationCancelled _, Event.RunFinished _ -> {}
    }
  }

  /** Only the newest attempt's events may come. */
  private Launch active(int attempt, long sequence) {
    if (attempt != launches.size() - 1)
      throw new Broken("FENCED", "event %d is of attempt %d".formatted(sequence, attempt));
    return launches.getLast();
  }

  /** From the attempt back to the first: who owns which steps. */
  List<Stretch> lineage(int attempt) {
    var stretches = new ArrayList<Stretch>();
    Integer next = attempt;
    long to = NEVER;
    while (next != null) {
      Launch launch = launches.get(next);
      stretches.add(new Stretch(launch, launch.opened.fromStep(), to));
      to = Math.min(to, launch.opened.fromStep());
      next = launch.opened.parent();
    }
    return stretches;
  }

  static Launch owner(List<Stretch> lineage, long step) {
    for (Stretch stretch : lineage) if (stretch.holds(step)) return stretch.launch();
    throw new Broken("LOG", "nobody owns step " + step);
  }

  /** What acts in the owner's own steps at exactly that step, in order of acceptance. */
  List<Operation> actingAt(Launch owner, long step) {
    var acting = new ArrayList<Operation>();
    for (Operation o : operations)
      if (o.sequence() < owner.fencedAt
          && o.cancelledAt() >= owner.fencedAt
          && o.event().effectiveStep() == step
          && step >= owner.opened.fromStep()) acting.add(o);
    return acting;
  }

  /** The close of a step that counts in a lineage: an heir's for its past comes first. */
  @Nullable Close<Event.StepClosed> stepClose(List<Stretch> lineage, long step) {
    for (Stretch stretch : lineage) {
      if (step >= stretch.to()) continue;
      var close = stepAt.get(new Place(stretch.launch().number(), step));
      if (close != null || stretch.holds(step)) return close;
    }
    return null;
  }

  /** As {@link #stepClose}; an heir's first step keeps its parent's boundary if it was posted. */
  @Nullable Close<Event.BoundaryClosed> boundaryClose(List<Stretch> lineage, long step) {
    for (Stretch stretch : lineage) {
      if (step > stretch.to()) continue;
      var close = boundaryAt.get(new Place(stretch.launch().number(), step));
      if (close != null && (step < stretch.to() || close.event().posted())) return close;
      if (stretch.holds(step) && step > stretch.from()) return null;
    }
    return null;
  }
}
