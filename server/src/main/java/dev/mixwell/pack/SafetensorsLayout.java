package dev.mixwell.pack;

import dev.mixwell.base.Json;
import dev.mixwell.shard.TokenType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where things lie in a safetensors body (https://huggingface.co/docs/safetensors, "Format"). All
 * numbers are little-endian.
 *
 * <pre>
 *  offset        what
 *  0             8 bytes: length h of the header
 *  8             header: JSON, padded with spaces so that 8 + h is a multiple of 64
 *  8 + h         tokens      [rows][T + 1]  U16 or I32
 *  then          groups      [rows]         U16   the group's index in the metadata's `groups`
 *                cu_seqlens  [n]            I32   document boundaries over the flattened inputs [rows x T]
 *                loss_mask   [rows][T + 1]  U8    1 where a token counts as a label; only of runs that need one
 * </pre>
 *
 * The format forbids holes. {@code groups} goes before {@code cu_seqlens} where that leaves the
 * latter on a multiple of 4, otherwise behind it: then rows and T are odd (or, for I32, rows is),
 * the tokens end on a multiple of 4, and both are aligned.
 */
final class SafetensorsLayout {
  private static final int LENGTH_BYTES = 8;
  private static final int ALIGNMENT_BYTES = 64;

  private final byte[] header;
  private final long tokensBytes;
  private final boolean groupsFirst;
  private final long sizeBytes;

  SafetensorsLayout(
      Map<String, String> metadata,
      TokenType type,
      int rows,
      int columns,
      int boundaries,
      boolean isMasked) {
    long groupsBytes = 2L * rows;
    long boundariesBytes = 4L * boundaries;
    tokensBytes = (long) rows * columns * type.sizeBytes();
    groupsFirst = (tokensBytes + groupsBytes) % 4 == 0;
    long maskAt = tokensBytes + groupsBytes + boundariesBytes;
    long dataBytes = isMasked ? maskAt + (long) rows * columns : maskAt;
    long groupsAt = groupsFirst ? tokensBytes : tokensBytes + boundariesBytes;
    long boundariesAt = groupsFirst ? tokensBytes + groupsBytes : tokensBytes;

    var tensors = new LinkedHashMap<String, Object>();
    tensors.put("__metadata__", metadata);
    tensors.put(
        "tokens", new Tensor(dtype(type), new int[] {rows, columns}, new long[] {0, tokensBytes}));
    tensors.put(
        "groups",
        new Tensor("U16", new int[] {rows}, new long[] {groupsAt, groupsAt + groupsBytes}));
    tensors.put(
        "cu_seqlens",
        new Tensor(
            "I32",
            new int[] {boundaries},
            new long[] {boundariesAt, boundariesAt + boundariesBytes}));
    if (isMasked)
      tensors.put(
          "loss_mask", new Tensor("U8", new int[] {rows, columns}, new long[] {maskAt, dataBytes}));
    header = padded(Json.write(tensors).getBytes(StandardCharsets.UTF_8));
    sizeBytes = LENGTH_BYTES + header.length + dataBytes;
  }

  @SuppressWarnings("ArrayRecordComponent") // written as JSON at once and dropped
  private record Tensor(String dtype, int[] shape, long[] data_offsets) {}

  static String dtype(TokenType type) {
    return type == TokenType.UINT16 ? "U16" : "I32";
  }

  private static byte[] padded(byte[] json) {
    int length =
        Math.ceilDiv(LENGTH_BYTES + json.length, ALIGNMENT_BYTES) * ALIGNMENT_BYTES - LENGTH_BYTES;
    byte[] header = Arrays.copyOf(json, length);
    Arrays.fill(header, json.length, length, (byte) ' ');
    return header;
  }

  /** The padded JSON, without its length. */
  byte[] header() {
    return header;
  }

  boolean groupsFirst() {
    return groupsFirst;
  }

  long sizeBytes() {
    return sizeBytes;
  }
}
