package dev.mixwell.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Batch bodies written by hand, so that reading is not tested against its own writing. */
public final class Bodies {
  private Bodies() {}

  /**
   * @param metadata members of the JSON object
   * @param tokens [rows][T+1]
   */
  public static byte[] body(String metadata, boolean wide, int[][] tokens, int[] groups) {
    int width = tokens[0].length;
    int size = wide ? 4 : 2;
    int tokensEnd = tokens.length * width * size;
    int boundariesEnd = tokensEnd + 4 * (tokens.length + 1);
    int groupsEnd = boundariesEnd + 2 * tokens.length;
    String header =
        """
        {"__metadata__":{%s},"tokens":{"dtype":"%s","shape":[%d,%d],"data_offsets":[0,%d]},\
        "cu_seqlens":{"dtype":"I32","shape":[%d],"data_offsets":[%d,%d]},\
        "groups":{"dtype":"U16","shape":[%d],"data_offsets":[%d,%d]}}\
        """
            .formatted(
                metadata,
                wide ? "I32" : "U16",
                tokens.length,
                width,
                tokensEnd,
                tokens.length + 1,
                tokensEnd,
                boundariesEnd,
                tokens.length,
                boundariesEnd,
                groupsEnd);
    byte[] json =
        (header + " ".repeat((64 - (8 + header.length()) % 64) % 64))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer data =
        ByteBuffer.allocate(8 + json.length + groupsEnd).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(json.length).put(json);
    for (int[] row : tokens)
      for (int token : row)
        if (wide) data.putInt(token);
        else data.putShort((short) token);
    for (int i = 0; i <= tokens.length; i++) data.putInt(i * (width - 1));
    for (int group : groups) data.putShort((short) group);
    return data.array();
  }

  static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) all.writeBytes(part);
    return all.toByteArray();
  }
}
