package dev.mixwell.timeline;

import java.util.List;

/**
 * A look at one run's log. Sees whole commits, and only what is durable. One thread at a time,
 * which need not be the writer's.
 */
public interface TimelineReader extends AutoCloseable {
  /**
   * Entries [from, to), in order, of every kind.
   *
   * @throws dev.mixwell.base.Refusal {@code timeline-damaged}, naming the sequence number; {@code
   *     storage-failed}
   */
  List<Entry> read(long from, long to);

  @Override
  void close();
}
