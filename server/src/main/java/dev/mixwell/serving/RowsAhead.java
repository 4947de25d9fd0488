package dev.mixwell.serving;

import dev.mixwell.run.IssuedEnd;

/**
 * Brings the rows of steps that are still undecided into memory, and has their blocks verified: a
 * group's next rows are known before anybody knows which step will take them, since each group has
 * its own count. When the close that decides a step lands, its batch is one copy away. The page
 * cache is the buffer, so this holds nothing itself. Owned by one thread at a time.
 *
 * <p>A group is read ahead by as many rows as the steps that may be issued and awaited would take
 * at its present share, and one; a share that grows faster than that finds its rows cold.
 */
public final class RowsAhead {
  /** Reads rows [from, to) of a group, by their place in its endless sequence. */
  public interface Reading {
    void read(int group, long from, long to);
  }

  private final int steps;
  private final int batchRows;
  private final Reading reading;
  private int attempt = -1;
  private long[] read = {};

  /**
   * @param steps to look ahead
   * @param batchRows rows of a step
   */
  public RowsAhead(int steps, int batchRows, Reading reading) {
    this.steps = steps;
    this.batchRows = batchRows;
    this.reading = reading;
  }

  /** Reads what may be asked for behind the frontier and was not read before. */
  public void advance(IssuedEnd frontier) {
    if (frontier.attempt() != attempt) {
      attempt = frontier.attempt();
      read = new long[frontier.groups()];
    }
    for (int group = 0; group < read.length; group++) {
      long from = Math.max(read[group], frontier.rows(group));
      long to =
          frontier.rows(group)
              + (long) Math.ceil(frontier.share(group) * batchRows * steps)
              + (frontier.share(group) > 0 ? 1 : 0);
      if (to <= from) continue;
      read[group] = to;
      reading.read(group, from, to);
    }
  }
}
