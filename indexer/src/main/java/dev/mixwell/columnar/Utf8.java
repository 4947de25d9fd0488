package dev.mixwell.columnar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Texts of columns. */
final class Utf8 {
  private static final char REPLACED = '\uFFFD';

  private Utf8() {}

  static String text(byte[] utf8, String column) throws UnreadableFile {
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACED) < 0) return text;
    try { // it may stand there itself
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw UnreadableFile.damaged("a text of its column \"%s\" is not UTF-8".formatted(column));
    }
  }
}
