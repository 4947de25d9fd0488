package dev.mixwell.fold;

import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.Event;
import dev.mixwell.timeline.TimelineStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A run's state, to be appended to. What is appended is folded at once and {@link #pending}: the
 * caller makes it durable before anybody learns of it, or throws this fold away and opens another
 * from the store.
 *
 * <p>Not thread-safe: owned by the run's writer. Time is an argument, in milliseconds since 1970.
 */
public final class Fold {
  private final Folded folded;
  private final List<Entry> pending = new ArrayList<>();
  private long nextSequence;

  /**
   * Folds what the store holds.
   *
   * @throws dev.mixwell.base.Refusal {@code timeline-damaged}
   */
  public Fold(TimelineStore store, Folding folding) {
    folded = new Folded(store, folding);
    nextSequence = store.size();
  }

  /** The face to read. */
  public Folded folded() {
    return folded;
  }

  public void append(Event event, long nowMillis) {
    var entry = new Entry(nextSequence++, nowMillis, event);
    pending.add(entry);
    folded.apply(entry);
  }

  /** What was appended and the store does not hold yet. */
  public List<Entry> pending() {
    return List.copyOf(pending);
  }

  public int pendingCount() {
    return pending.size();
  }

  /** Whoever has made {@link #pending} durable calls this. */
  public void committed() {
    pending.clear();
  }

  /** Forgets what can be looked up again. Nothing may be pending: the store lacks that. */
  public void forget() {
    if (!pending.isEmpty())
      throw new IllegalStateException(pending.size() + " entries are not durable yet");
    folded.forget();
  }
}
