package dev.mixwell.fold;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Feedback and closes, as an attempt sees them: its own, and its lineage's below fromStep. The
 * recent ones are in memory, the others in the store. Owned by the run's writer.
 */
public final class Ledger {
  private final TimelineStore store;
  private final Recent<Optional<Event.StepClosed>> steps;
  private final Recent<Optional<Event.BoundaryClosed>> boundaries;
  private final Map<FeedbackKind, Recent<SortedMap<Integer, Event.FeedbackPosted>>> posts =
      new TreeMap<>();

  /**
   * @param capacity closes, and steps with feedback, kept in memory
   */
  Ledger(TimelineStore store, int capacity) {
    this.store = store;
    this.steps = new Recent<>(capacity);
    this.boundaries = new Recent<>(capacity);
    for (FeedbackKind kind : FeedbackKind.values()) posts.put(kind, new Recent<>(capacity));
  }

  /** Forgets the oldest; everything added must be durable. */
  void trim() {
    steps.trim();
    boundaries.trim();
    for (var recent : posts.values()) recent.trim();
  }

  void add(Event.FeedbackPosted post) {
    SortedMap<Integer, Event.FeedbackPosted> byReporter =
        new TreeMap<>(ownPosts(post.attempt(), post.kind(), post.step()));
    byReporter.put(post.reporter(), post);
    recent(post.kind()).put(post.attempt(), post.step(), byReporter);
  }

  void add(Event.StepClosed close) {
    steps.put(close.attempt(), close.step(), Optional.of(close));
  }

  void add(Event.BoundaryClosed close) {
    boundaries.put(close.attempt(), close.step(), Optional.of(close));
  }

  /**
   * The close of a step in the attempt's lineage: one that the attempt itself recorded for its past
   * comes first.
   */
  public Event.@Nullable StepClosed stepClosed(Attempt attempt, long step) {
    for (Attempt a = attempt; a != null; a = a.parent()) {
      Event.StepClosed own = ownStepClosed(a, step);
      if (own != null || step >= a.fromStep()) return own;
    }
    return null;
  }

  /** As {@link #stepClosed}; at fromStep itself a parent's counts if the losses were posted. */
  public Event.@Nullable BoundaryClosed boundaryClosed(Attempt attempt, long step) {
    boolean postedOnly = false;
    for (Attempt a = attempt; a != null; a = a.parent()) {
      Event.BoundaryClosed own = ownBoundaryClosed(a, step);
      if (own != null) return own.posted() || !postedOnly ? own : null;
      if (step > a.fromStep()) return null;
      if (step == a.fromStep()) postedOnly = true;
    }
    return null;
  }

  public boolean isBoundaryClosedIn(Attempt attempt, long step) {
    return ownBoundaryClosed(attempt, step) != null;
  }

  /**
   * What the attempt and, below fromStep, its lineage posted for a step, by reporter. Validation at
   * fromStep is inherited.
   */
  public SortedMap<Integer, Event.FeedbackPosted> posts(
      Attempt attempt, FeedbackKind kind, long step) {
    for (Attempt a = attempt; ; a = a.parent()) {
      SortedMap<Integer, Event.FeedbackPosted> own = ownPosts(a.number(), kind, step);
      boolean inherits =
          step < a.fromStep() || (kind == FeedbackKind.VALIDATION && step == a.fromStep());
      if (!own.isEmpty() || !inherits || a.parent() == null) return own;
    }
  }

  /** As {@link #posts}, for reading far back: what is looked up is not kept in memory. */
  public SortedMap<Integer, Event.FeedbackPosted> readPosts(
      Attempt attempt, FeedbackKind kind, long step) {
    Attempt a = attempt.owner(step);
    SortedMap<Integer, Event.FeedbackPosted> known = recent(kind).get(a.number(), step);
    return known == null ? stored(a.number(), kind, step) : known;
  }

  private Event.@Nullable StepClosed ownStepClosed(Attempt a, long step) {
    if (step >= a.nextClose()) return null;
    Optional<Event.StepClosed> known = steps.get(a.number(), step);
    if (known == null) {
      known = Optional.ofNullable(store.stepClosed(a.number(), step));
      steps.put(a.number(), step, known);
    }
    return known.orElse(null);
  }

  private Event.@Nullable BoundaryClosed ownBoundaryClosed(Attempt a, long step) {
    Optional<Event.BoundaryClosed> known = boundaries.get(a.number(), step);
    if (known == null) {
      known = Optional.ofNullable(store.boundaryClosed(a.number(), step));
      boundaries.put(a.number(), step, known);
    }
    return known.orElse(null);
  }

  private SortedMap<Integer, Event.FeedbackPosted> ownPosts(
      int attempt, FeedbackKind kind, long step) {
    SortedMap<Integer, Event.FeedbackPosted> known = recent(kind).get(attempt, step);
    if (known == null) {
      known = stored(attempt, kind, step);
      recent(kind).put(attempt, step, known);
    }
    return known;
  }

  private SortedMap<Integer, Event.FeedbackPosted> stored(
      int attempt, FeedbackKind kind, long step) {
    var posts = new TreeMap<Integer, Event.FeedbackPosted>();
    for (Event.FeedbackPosted post : store.feedback(attempt, kind, step))
      posts.put(post.reporter(), post);
    return posts;
  }

  private Recent<SortedMap<Integer, Event.FeedbackPosted>> recent(FeedbackKind kind) {
    Recent<SortedMap<Integer, Event.FeedbackPosted>> recent = posts.get(kind);
    if (recent == null) throw new IllegalStateException("no feedback of kind " + kind);
    return recent;
  }
}
