package dev.mixwell.run;

import dev.mixwell.answer.EventAnswers;
import dev.mixwell.api.EventType;
import dev.mixwell.api.RunEvent;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.TimelineReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A run's timeline for those who follow it, a page at a time, beside the writer and never through
 * it: a reader far behind costs the run's commands nothing. Tells only what the writer has
 * published, which is durable. Thread-safe; open as long as its run.
 */
public final class EventFeed implements AutoCloseable {
  /** Entries read at a time. */
  public static final int PAGE = 64;

  private final RunWriter writer;
  private final EventAnswers answers;

  /** Opened by the first who follows. Guarded by this, as its reads are. */
  private @Nullable TimelineReader reader;

  /** Guarded by this. */
  private boolean closed;

  EventFeed(RunWriter writer) {
    this.writer = writer;
    this.answers = new EventAnswers(writer.created());
  }

  /**
   * @param sequence of its entry
   */
  public record FeedEvent(long sequence, EventType type, RunEvent event) {}

  /**
   * @param events of the asked types, in order
   * @param next where to go on
   * @param isLast whether nothing can follow: the run is finished
   * @param more completes when there is more; null if there is already
   */
  public record Page(
      List<FeedEvent> events, long next, boolean isLast, @Nullable CompletableFuture<Void> more) {}

  /** How many entries are durable, and so where the next ones begin. */
  public long size() {
    return writer.view().size();
  }

  /** Whether the run is finished and its last entry lies before. */
  public boolean endsBefore(long sequence) {
    Published view = writer.view();
    return view.finished() && sequence >= view.size();
  }

  /**
   * The events from an entry on, as far as a page goes. Never waits for the run.
   *
   * @throws Refusal {@code timeline-damaged}, {@code storage-failed}
   */
  public Page read(long from, Set<EventType> types) {
    Published view = writer.view();
    long to = Math.min(view.size(), from + PAGE);
    var events = new ArrayList<FeedEvent>();
    if (from < to)
      for (Entry entry : entries(from, to)) {
        EventType type = entry.event().type();
        if (types.contains(type))
          events.add(new FeedEvent(entry.sequence(), type, answers.event(entry)));
      }
    boolean isEnd = to == view.size();
    return new Page(events, to, isEnd && view.finished(), isEnd ? view.next() : null);
  }

  private synchronized List<Entry> entries(long from, long to) {
    if (closed)
      throw new Refusal(
          ProblemType.STORAGE_FAILED, "The server is stopping; ask again when it is back.");
    if (reader == null) reader = writer.openReader();
    return reader.read(from, to);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (reader != null) reader.close();
  }
}
