package dev.mixwell.serving;

import dev.mixwell.run.IssuedEnd;
import dev.mixwell.run.Run;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of steps that are still undecided into memory, and has their blocks verified: a
 * group's next rows are known before anybody knows which step will take them, since each group has
 * its own count. When the close that decides a step lands, its batch is one copy away. The page
 * cache is the buffer, so this holds nothing itself. Thread-safe.
 *
 * <p>A group is read ahead by as many rows as the steps that may be issued and awaited would take
 * at its present share, and one; a share that grows faster than that finds its rows cold.
 */
final class RowsAhead {
  /** Reads rows [from, to) of a group, by their number in its endless sequence. */
  interface Reading {
    void read(int group, long from, long to);
  }

  private final int steps;
  private final int batchRows;
  private final Reading reading;
  private final AtomicBoolean isReading = new AtomicBoolean(); // whose thread owns what follows
  private volatile long readUpTo;
  private @Nullable Integer attempt; // whose rows were read; null before any
  private long[] readRows = {};

  /**
   * @param steps to look ahead
   * @param batchRows rows of a step
   */
  RowsAhead(int steps, int batchRows, Reading reading) {
    this.steps = steps;
    this.batchRows = batchRows;
    this.reading = reading;
  }

  /** Has the rows behind the run's issued steps read if more are issued than the last time. */
  void follow(Run run, Packing packing) {
    if (run.upTo() == readUpTo || !isReading.compareAndSet(false, true)) return;
    packing.later(
        () -> {
          try {
            IssuedEnd frontier = run.issuedEnd();
            if (frontier == null) return;
            readUpTo = frontier.upTo();
            advance(frontier);
          } finally {
            isReading.set(false);
          }
        });
  }

  /**
   * Reads what may be asked for behind the frontier and was not read before. One thread at once.
   */
  void advance(IssuedEnd frontier) {
    if (attempt == null || frontier.attempt() != attempt) {
      attempt = frontier.attempt();
      readRows = new long[frontier.groups()];
    }
    for (int group = 0; group < readRows.length; group++) {
      long from = Math.max(readRows[group], frontier.rows(group));
      long to =
          frontier.rows(group)
              + (long) Math.ceil(frontier.share(group) * batchRows * steps)
              + (frontier.share(group) > 0 ? 1 : 0);
      if (to <= from) continue;
      readRows[group] = to;
      reading.read(group, from, to);
    }
  }
}
