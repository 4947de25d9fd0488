package dev.mixwell.pack;

import dev.mixwell.api.Json;
import dev.mixwell.shard.TokenType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;

/** A batch as people read it: the members of the safetensors body, as lists. */
@SuppressWarnings("ArrayRecordComponent") // written as JSON at once and dropped
record JsonBatch(Map<String, String> metadata, int[][] tokens, int[] groups, int[] cu_seqlens) {
  /**
   * @param tokens the octet-stream body; released here
   * @param columns T + 1
   */
  static ByteBuf write(
      RowSelection selection,
      ByteBuf tokens,
      ByteBuf boundaries,
      Map<String, String> metadata,
      TokenType type,
      int columns) {
    try {
      int[][] rows = new int[selection.rows()][columns];
      for (int[] row : rows)
        for (int i = 0; i < columns; i++)
          row[i] = type == TokenType.UINT16 ? tokens.readUnsignedShortLE() : tokens.readIntLE();
      int[] starts = new int[boundaries.readableBytes() / Integer.BYTES];
      for (int i = 0; i < starts.length; i++) starts[i] = boundaries.readIntLE();
      return Unpooled.wrappedBuffer(
          Json.writeBytes(new JsonBatch(metadata, rows, selection.places(), starts)));
    } finally {
      tokens.release();
    }
  }
}
