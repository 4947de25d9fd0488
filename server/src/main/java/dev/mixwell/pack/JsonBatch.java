package dev.mixwell.pack;

import dev.mixwell.base.Json;
import dev.mixwell.shard.TokenType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch as people read it: the members of the safetensors body, as lists. */
@SuppressWarnings("ArrayRecordComponent") // written as JSON at once and dropped
record JsonBatch(
    Map<String, String> metadata,
    int[][] tokens,
    int[] groups,
    int[] cu_seqlens,
    int @Nullable [][] loss_mask) {
  /**
   * @param tokens the octet-stream body
   * @param columns T + 1
   */
  static JsonBatch of(
      RowSelection selection,
      ByteBuf tokens,
      ByteBuf boundaries,
      Map<String, String> metadata,
      TokenType type,
      int columns) {
    int[][] rows = new int[selection.rows()][columns];
    for (int[] row : rows)
      for (int i = 0; i < columns; i++)
        row[i] = type == TokenType.UINT16 ? tokens.readUnsignedShortLE() : tokens.readIntLE();
    int[] starts = new int[boundaries.readableBytes() / Integer.BYTES];
    for (int i = 0; i < starts.length; i++) starts[i] = boundaries.readIntLE();
    return new JsonBatch(metadata, rows, selection.groupIndexes(), starts, null);
  }

  /**
   * @param mask a byte a token; null for none
   */
  JsonBatch withMask(@Nullable ByteBuf mask) {
    if (mask == null) return this;
    int[][] marks = new int[tokens.length][];
    for (int r = 0; r < marks.length; r++) {
      marks[r] = new int[tokens[r].length];
      for (int i = 0; i < marks[r].length; i++) marks[r][i] = mask.readByte();
    }
    return new JsonBatch(metadata, tokens, groups, cu_seqlens, marks);
  }

  ByteBuf write() {
    return Unpooled.wrappedBuffer(Json.writeBytes(this));
  }
}
