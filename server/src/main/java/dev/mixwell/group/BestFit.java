package dev.mixwell.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Best-fit decreasing over counts of lengths (Ding et al., "Fewer Truncations Improve Language
 * Modeling", arXiv 2404.10830, section 3): from the longest piece to the shortest, each goes into
 * the fullest row that has room for it, or begins a row. Pieces of one length are alike, and so are
 * rows with the same contents: both are only counted, so that time and memory go with the row's
 * length and not with the documents. Owned by one thread, used once.
 *
 * <p>Departure: which of several rows with the same room takes a piece is left open by the paper;
 * here it is the class that got that room last.
 */
final class BestFit {
  /**
   * Pieces of one length in every row of a class: row j of it holds {@code each} pieces, from
   * number {@code first + j * each} on among all pieces of that length.
   */
  record Contents(int length, int each, long first) {
    private Contents from(long row) {
      return new Contents(length, each, first + row * each);
    }
  }

  /** Rows with the same contents. */
  record RowClass(long rows, List<Contents> contents) {}

  private record Open(long rows, List<Contents> contents) {
    /** Its rows from {@code row} on. */
    private Open from(long row, long count) {
      return new Open(count, contents.stream().map(c -> c.from(row)).toList());
    }

    private Open with(Contents more) {
      var all = new ArrayList<>(contents);
      all.add(more);
      return new Open(rows, List.copyOf(all));
    }
  }

  private final int capacity;
  private final List<ArrayDeque<Open>> byRoom = new ArrayList<>();
  private final BitSet rooms = new BitSet();

  private BestFit(int capacity) {
    this.capacity = capacity;
    for (int room = 0; room <= capacity; room++) byRoom.add(new ArrayDeque<>(0));
  }

  /**
   * @param counts of pieces by length, 1 to {@code counts.length - 1}, which is a row's capacity
   */
  static List<RowClass> pack(long[] counts) {
    var packing = new BestFit(counts.length - 1);
    for (int length = counts.length - 1; length > 0; length--)
      if (counts[length] > 0) packing.place(length, counts[length]);
    return packing.classes();
  }

  private void place(int length, long count) {
    for (long placed = 0; placed < count; ) {
      int room = rooms.nextSetBit(length);
      Open open = room < 0 ? empty(length, count - placed) : take(room);
      placed += fill(open, room < 0 ? capacity : room, length, placed, count - placed);
    }
  }

  /** As many new rows as the pieces fill. */
  private Open empty(int length, long count) {
    return new Open(Math.ceilDiv(count, (long) (capacity / length)), List.of());
  }

  /**
   * Puts as many pieces into each row as fit: after one, the row is the fullest that has room.
   *
   * @return how many were placed
   */
  private long fill(Open open, int room, int length, long first, long left) {
    int each = room / length;
    long full = Math.min(open.rows, left / each);
    if (full > 0)
      put(room - each * length, open.from(0, full).with(new Contents(length, each, first)));
    long placed = full * each;
    if (full == open.rows) return placed;
    int rest = (int) Math.min(each - 1, left - placed);
    if (rest > 0) {
      var contents = new Contents(length, rest, first + placed);
      put(room - rest * length, open.from(full, 1).with(contents));
    }
    long untouched = open.rows - full - (rest > 0 ? 1 : 0);
    if (untouched > 0) put(room, open.from(open.rows - untouched, untouched));
    return placed + rest;
  }

  private void put(int room, Open open) {
    byRoom.get(room).push(open);
    rooms.set(room);
  }

  private Open take(int room) {
    ArrayDeque<Open> there = byRoom.get(room);
    Open open = there.pop();
    if (there.isEmpty()) rooms.clear(room);
    return open;
  }

  private List<RowClass> classes() {
    var classes = new ArrayList<RowClass>();
    for (ArrayDeque<Open> there : byRoom)
      for (Open open : there) classes.add(new RowClass(open.rows, open.contents));
    return classes;
  }
}
