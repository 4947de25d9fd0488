package dev.mixwell.timeline;

import dev.mixwell.api.FeedbackKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one run's timeline is kept. The seam that the simulator replaces. Called by the run's one
 * writer; {@link #append} and the look-ups may be called by one thread at a time.
 */
public interface TimelineStore extends TimelineReader {
  /**
   * Appends all entries or none, and returns once they are durable. Their sequence numbers continue
   * the log.
   *
   * @throws dev.mixwell.base.Refusal {@code storage-failed}: whether they were written is unknown
   *     until the log is read again
   */
  void append(List<Entry> entries);

  /**
   * Every entry whose event is {@link Event#isControl control}, in order: what a run keeps in
   * memory. Verifies the whole chain, the others too.
   *
   * @throws dev.mixwell.base.Refusal {@code timeline-damaged}, naming the first bad sequence number
   */
  List<Entry> readControl();

  /**
   * Opens a look at the same log for another thread, which goes on while entries are appended. To
   * be closed before this store.
   */
  TimelineReader openReader();

  /** Number of entries. */
  long size();

  /** The feedback of one step in one attempt, by reporter; empty if there is none. */
  List<Event.FeedbackPosted> feedback(int attempt, FeedbackKind kind, long step);

  /**
   * Step and time of the feedback of step kinds posted in an attempt at a step or later, in the
   * order of posting.
   */
  List<PostTime> postTimes(int attempt, long fromStep);

  /** The close of a step (any step kind) in exactly this attempt. */
  Event.@Nullable StepClosed stepClosed(int attempt, long step);

  Event.@Nullable BoundaryClosed boundaryClosed(int attempt, long step);

  /** The last step closed in exactly this attempt; -1 if none. */
  long lastStepClosed(int attempt);

  /** The last boundary closed in exactly this attempt; -1 if none. */
  long lastBoundaryClosed(int attempt);

  record PostTime(long step, long atMillis) {}
}
