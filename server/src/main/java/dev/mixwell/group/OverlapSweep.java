package dev.mixwell.group;

import dev.mixwell.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Counts the documents and tokens that groups share: one sweep through the extents of all groups at
 * once, from boundary to boundary in manifest order. Memory goes with the pairs of groups, not with
 * the documents. Owned by one thread, used once.
 */
final class OverlapSweep {
  private final List<Shard> shards;
  private final List<ResolvedGroup> groups;
  private final PriorityQueue<Boundary> boundaries = new PriorityQueue<>();
  private final boolean[] inside; // by group: whether the sweep is inside one of its extents
  private final long[][] shared; // documents [first][second], first < second
  private final long[][] sharedTokens;

  OverlapSweep(List<Shard> shards, List<ResolvedGroup> groups) {
    this.shards = shards;
    this.groups = groups;
    this.inside = new boolean[groups.size()];
    this.shared = new long[groups.size()][groups.size()];
    this.sharedTokens = new long[groups.size()][groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      start(g, groups.get(g).training());
      start(g, groups.get(g).heldOut());
    }
  }

  /**
   * Walks the boundaries of one list of extents: where one begins, where it ends, where the next
   * begins.
   */
  private static final class Boundary implements Comparable<Boundary> {
    private final int group;
    private final Extents.Cursor extents;
    private boolean atEnd;

    Boundary(int group, Extents.Cursor extents) {
      this.group = group;
      this.extents = extents;
    }

    int shard() {
      return extents.shard();
    }

    long token() {
      return atEnd ? extents.end() : extents.start();
    }

    /** Whether there is another boundary. */
    boolean advance() {
      atEnd = !atEnd;
      return atEnd || extents.next();
    }

    @Override
    public int compareTo(Boundary other) {
      int byShard = Integer.compare(shard(), other.shard());
      if (byShard != 0) return byShard;
      int byToken = Long.compare(token(), other.token());
      return byToken != 0
          ? byToken
          : Boolean.compare(other.atEnd, atEnd); // an end first: its group may begin again here
    }
  }

  private void start(int group, Extents extents) {
    Extents.Cursor cursor = extents.cursor();
    if (cursor.next()) boundaries.add(new Boundary(group, cursor));
  }

  /** All pairs that share documents, in group order. */
  List<GroupOverlap> overlaps() {
    long from = 0;
    while (!boundaries.isEmpty()) {
      Boundary next = boundaries.remove();
      count(next.shard(), from, next.token());
      from = next.token();
      inside[next.group] = !next.atEnd;
      if (next.advance()) boundaries.add(next);
    }
    return found();
  }

  private void count(int shard, long from, long to) {
    int active = 0;
    for (boolean in : inside) if (in) active++;
    if (active < 2 || from >= to) return;
    long documents = documentsStarting(shards.get(shard), from, to);
    for (int first = 0; first < inside.length; first++)
      for (int second = first + 1; second < inside.length; second++)
        if (inside[first] && inside[second]) {
          shared[first][second] += documents;
          sharedTokens[first][second] += to - from;
        }
  }

  /** Documents with tokens that begin at a token of [from, to). */
  private static long documentsStarting(Shard shard, long from, long to) {
    long documents = 0;
    var document = shard.documentsFrom(from);
    do {
      if (document.start() >= to) break;
      if (document.start() >= from && document.lengthTokens() > 0) documents++;
    } while (document.next());
    return documents;
  }

  private List<GroupOverlap> found() {
    var overlaps = new ArrayList<GroupOverlap>();
    for (int first = 0; first < shared.length; first++)
      for (int second = first + 1; second < shared.length; second++)
        if (shared[first][second] > 0)
          overlaps.add(
              new GroupOverlap(
                  groups.get(first).name(),
                  groups.get(second).name(),
                  shared[first][second],
                  sharedTokens[first][second]));
    return List.copyOf(overlaps);
  }
}
