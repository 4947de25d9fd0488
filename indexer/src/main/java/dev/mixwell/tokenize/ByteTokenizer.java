package dev.mixwell.tokenize;

import java.nio.charset.StandardCharsets;

/** The UTF-8 bytes of a text as ids 0 to 255; 256 ends a document. */
final class ByteTokenizer implements Tokenizer {
  static final String NAME = "byte";
  private static final int BYTE_VALUES = 256;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int vocabularySize() {
    return BYTE_VALUES + 1;
  }

  @Override
  public int endOfDocument() {
    return BYTE_VALUES;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) ids[i] = Byte.toUnsignedInt(bytes[i]);
    return ids;
  }

  @Override
  public String decode(int[] ids) {
    var bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= BYTE_VALUES)
        throw new IllegalArgumentException("no byte has the id " + ids[i]);
      bytes[i] = (byte) ids[i];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
