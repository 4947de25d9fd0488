package dev.mixwell.group;

import java.util.Arrays;

/**
 * The tokens of one group as runs in shards, in manifest order: extent i is the tokens [start(i),
 * end(i)) of shard(i) and lies at [offset(i), offset(i + 1)) of the group's stream. No extent is
 * empty and no two could be one. Immutable; 20 bytes an extent.
 */
public final class Extents {
  private final int[] shards;
  private final long[] starts;
  private final long[] offsets; // one more than extents: the last is the number of tokens
  private final String sha256;

  private Extents(int[] shards, long[] starts, long[] offsets) {
    this.shards = shards;
    this.starts = starts;
    this.offsets = offsets;
    this.sha256 = ExtentsFile.digest(this);
  }

  public int count() {
    return shards.length;
  }

  /** Length of the stream. */
  public long tokens() {
    return offsets[shards.length];
  }

  /** The shard's place in the manifest. */
  public int shard(int extent) {
    return shards[extent];
  }

  /** The first token in the shard. */
  public long start(int extent) {
    return starts[extent];
  }

  /** The token behind the last one in the shard. */
  public long end(int extent) {
    return starts[extent] + lengthTokens(extent);
  }

  /** Where in the stream the extent begins; {@code extent == count()} gives {@link #tokens}. */
  public long offset(int extent) {
    return offsets[extent];
  }

  public long lengthTokens(int extent) {
    return offsets[extent + 1] - offsets[extent];
  }

  /**
   * The extent that holds a token of the stream.
   *
   * @param token 0 to {@code tokens() - 1}
   */
  public int at(long token) {
    if (token < 0 || token >= tokens())
      throw new IndexOutOfBoundsException("token " + token + " of " + tokens());
    int found = Arrays.binarySearch(offsets, token);
    return found >= 0 ? found : -found - 2;
  }

  /**
   * Shows the shards' tokens behind a part of the stream, in order.
   *
   * @param first the part's first token in the stream; the part must not end behind {@code
   *     tokens()}
   */
  public void pieces(long first, int lengthTokens, PieceVisitor visitor) {
    int left = lengthTokens;
    long token = first;
    for (int extent = at(first); left > 0; extent++) {
      long into = token - offsets[extent];
      int length = (int) Math.min(left, lengthTokens(extent) - into);
      visitor.piece(shards[extent], starts[extent] + into, length);
      left -= length;
      token += length;
    }
  }

  /** Takes consecutive tokens of one shard; a piece that is not the first begins a document. */
  public interface PieceVisitor {
    void piece(int shard, long startToken, int lengthTokens);
  }

  /**
   * SHA-256 of the layout in {@link ExtentsFile}, in hexadecimal: equal if and only if the extents
   * are.
   */
  public String sha256() {
    return sha256;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents e
        && Arrays.equals(shards, e.shards)
        && Arrays.equals(starts, e.starts)
        && Arrays.equals(offsets, e.offsets);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  @Override
  public String toString() {
    return "%d extents, %d tokens, %s".formatted(count(), tokens(), sha256);
  }

  /** Collects runs of tokens in manifest order and joins those that touch. Owned by one thread. */
  public static final class Collector {
    private static final int FIRST_CAPACITY = 64;

    private int[] shards = new int[FIRST_CAPACITY];
    private long[] starts = new long[FIRST_CAPACITY];
    private long[] offsets = new long[FIRST_CAPACITY + 1];
    private int count;

    /**
     * Adds tokens [start, end) of a shard; none if they are equal.
     *
     * @throws IllegalArgumentException if they lie before the end of the last run, or are not a run
     */
    public void add(int shard, long start, long end) {
      if (shard < 0 || start < 0 || end < start)
        throw new IllegalArgumentException(run(shard, start, end) + " is not a run of tokens");
      if (start == end) return;
      if (count > 0 && shard == shards[count - 1]) {
        long lastEnd = starts[count - 1] + offsets[count] - offsets[count - 1];
        if (start < lastEnd)
          throw new IllegalArgumentException(
              run(shard, start, end) + " begins before token " + lastEnd);
        if (start == lastEnd) {
          offsets[count] += end - start;
          return;
        }
      }
      if (count > 0 && shard < shards[count - 1])
        throw new IllegalArgumentException(
            run(shard, start, end) + " comes after shard " + shards[count - 1]);
      append(shard, start, end);
    }

    private void append(int shard, long start, long end) {
      if (count == shards.length) grow();
      shards[count] = shard;
      starts[count] = start;
      offsets[count + 1] = offsets[count] + end - start;
      count++;
    }

    private void grow() {
      int capacity = Math.addExact(count, count >> 1);
      shards = Arrays.copyOf(shards, capacity);
      starts = Arrays.copyOf(starts, capacity);
      offsets = Arrays.copyOf(offsets, capacity + 1);
    }

    public Extents finish() {
      return new Extents(
          Arrays.copyOf(shards, count),
          Arrays.copyOf(starts, count),
          Arrays.copyOf(offsets, count + 1));
    }

    private static String run(int shard, long start, long end) {
      return "shard %d, tokens [%d, %d)".formatted(shard, start, end);
    }
  }
}
