package dev.mixwell.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of tokens as the server packs them. Immutable and thread-safe; nothing is copied out of the
 * body.
 *
 * <p>Row r has T + 1 tokens: inputs are its first T, labels its last T.
 */
public final class Rows {
  private final Map<String, String> metadata;
  private final ByteBuffer tokens;
  private final boolean wide;
  private final ByteBuffer groups;
  private final ByteBuffer boundaries;
  private final @Nullable ByteBuffer mask; // null where every token counts
  private final int count;
  private final int width;

  private Rows(TensorIndex index, ByteBuffer data) {
    TensorIndex.Entry tokenEntry = index.tensor("tokens");
    metadata = index.metadata();
    wide = tokenEntry.dtype().equals("I32");
    tokens = slice(data, tokenEntry);
    groups = slice(data, expect(index, "groups", "U16"));
    boundaries = slice(data, expect(index, "cu_seqlens", "I32"));
    mask =
        index.tensors().containsKey("loss_mask")
            ? slice(data, expect(index, "loss_mask", "U8"))
            : null;
    if (tokenEntry.shape().size() != 2 || tokenEntry.dtype().equals("F32"))
      throw new IllegalArgumentException("tokens are no [rows][T+1] of U16 or I32: " + tokenEntry);
    count = Math.toIntExact(tokenEntry.shape().getFirst());
    width = Math.toIntExact(tokenEntry.shape().getLast());
    if (groups.remaining() != count * Short.BYTES || width < 2)
      throw new IllegalArgumentException(
          "%d groups for %d rows of %d tokens".formatted(groups.remaining() / 2, count, width));
    if (mask != null && mask.remaining() != count * width)
      throw new IllegalArgumentException(
          "a loss mask of %d for %d rows of %d tokens".formatted(mask.remaining(), count, width));
  }

  /**
   * @param body whole; not written to from here on
   * @throws IllegalArgumentException if it is not one of the server's safetensors bodies
   */
  public static Rows parse(byte[] body) {
    ByteBuffer all = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    if (body.length < TensorIndex.LENGTH_BYTES)
      throw new IllegalArgumentException("not a safetensors body: " + body.length + " bytes");
    long headerBytes = all.getLong();
    if (headerBytes < 0 || headerBytes > Math.min(all.remaining(), TensorIndex.MAX_HEADER_BYTES))
      throw new IllegalArgumentException(
          "not a safetensors body: a header of " + headerBytes + " bytes in " + body.length);
    byte[] header = new byte[(int) headerBytes];
    all.get(header);
    return new Rows(
        TensorIndex.parse(header, all.remaining()), all.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static TensorIndex.Entry expect(TensorIndex index, String name, String dtype) {
    TensorIndex.Entry entry = index.tensor(name);
    if (!entry.dtype().equals(dtype))
      throw new IllegalArgumentException(name + " is " + entry.dtype() + ", not " + dtype);
    return entry;
  }

  private static ByteBuffer slice(ByteBuffer data, TensorIndex.Entry entry) {
    int length = Math.toIntExact(entry.end() - entry.begin());
    return data.slice(Math.toIntExact(entry.begin()), length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public int count() {
    return count;
  }

  /** T: inputs of a row. */
  public int rowTokens() {
    return width - 1;
  }

  /**
   * @param i from 0 to T
   */
  public int token(int row, int i) {
    int at = row * width + i;
    return wide
        ? tokens.getInt(at * Integer.BYTES)
        : Short.toUnsignedInt(tokens.getShort(at * Short.BYTES));
  }

  /** Whether some labels may not count: padding, and what a shard's loss mask leaves out. */
  public boolean isMasked() {
    return mask != null;
  }

  /**
   * Whether a label counts.
   *
   * @param i from 0 to T - 1: of the row's last T tokens
   */
  public boolean isLabel(int row, int i) {
    return mask == null || mask.get(row * width + i + 1) != 0;
  }

  /** How many labels of a row count; T where none is masked. */
  public int labels(int row) {
    if (mask == null) return rowTokens();
    int labels = 0;
    for (int i = 0; i < rowTokens(); i++) if (isLabel(row, i)) labels++;
    return labels;
  }

  /** A row's group, by its index among the run's groups. */
  public int group(int row) {
    return Short.toUnsignedInt(groups.getShort(row * Short.BYTES));
  }

  /** {@code [rows][T+1]}, little-endian: U16, or I32 if {@link #isWide}. */
  public ByteBuffer tokens() {
    return tokens.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  public boolean isWide() {
    return wide;
  }

  /** Document boundaries over the flattened inputs {@code [rows*T]}: from 0 to rows*T, rising. */
  public int[] boundaries() {
    int[] starts = new int[boundaries.remaining() / Integer.BYTES];
    boundaries.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(starts);
    return starts;
  }
}
