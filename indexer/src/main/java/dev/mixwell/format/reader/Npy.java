package dev.mixwell.format.reader;

import dev.mixwell.format.Faults;
import dev.mixwell.format.Mapping;
import dev.mixwell.shard.TokenType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy file (numpy/lib/format.py): the magic, two bytes of version, the length of
 * a text (two bytes in version 1, four in 2 and 3), and the text, a Python dictionary with the
 * type, the order and the shape. Only what NumPy itself writes for one row of integers is read.
 *
 * @param firstByte where the tokens begin
 * @param tokens how many there are
 */
record Npy(TokenType type, long firstByte, long tokens) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private static final int VERSION_OFFSET = MAGIC.length;
  private static final int MAX_HEADER_BYTES = 1 << 16;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']{1,20})'");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]{0,100})\\)");
  private static final Pattern LENGTH = Pattern.compile("\\s*(\\d{1,18})\\s*,\\s*");
  private static final Pattern INTEGERS = Pattern.compile("([<>|=])([iu])([1248])");

  static Npy read(String file, Mapping bytes) {
    int version = bytes.u8(VERSION_OFFSET);
    if (version < 1 || version > 3)
      throw Faults.unsupported(
          file, "its NumPy format is version %d; known are 1, 2 and 3".formatted(version));
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    int lengthAt = VERSION_OFFSET + 2;
    long length =
        version == 1
            ? bytes.u8(lengthAt) | (long) bytes.u8(lengthAt + 1) << 8
            : bytes.u32(lengthAt);
    if (length > MAX_HEADER_BYTES)
      throw Faults.damaged(file, "its header would have %,d bytes".formatted(length));
    int headerAt = lengthAt + lengthBytes;
    String header = new String(bytes.array(headerAt, (int) length), StandardCharsets.ISO_8859_1);
    var npy = new Npy(type(file, header), headerAt + length, tokens(file, header));
    npy.requireLength(file, bytes.sizeBytes());
    return npy;
  }

  private static TokenType type(String file, String header) {
    Matcher descr = DESCR.matcher(header);
    if (!descr.find())
      throw Faults.unsupported(file, "its NumPy header names no simple type: " + header.strip());
    Matcher integers = INTEGERS.matcher(descr.group(1));
    if (!integers.matches())
      throw Faults.unsupported(
          file, "its NumPy type is %s; tokens are integers".formatted(descr.group(1)));
    ByteOrder order =
        integers.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean signed = integers.group(2).equals("i");
    return TokenType.of(Integer.parseInt(integers.group(3)), signed, order);
  }

  private static long tokens(String file, String header) {
    Matcher shape = SHAPE.matcher(header);
    Matcher length = LENGTH.matcher(shape.find() ? shape.group(1) : "");
    if (!length.matches())
      throw Faults.unsupported(
          file, "its NumPy array is not one row of numbers: " + header.strip());
    return Long.parseLong(length.group(1));
  }

  private void requireLength(String file, long sizeBytes) {
    long room = sizeBytes - firstByte;
    if (tokens > room / type.sizeBytes() || tokens * type.sizeBytes() != room)
      throw Faults.damaged(
          file,
          "its header counts %,d tokens of %d bytes, but %,d bytes follow"
              .formatted(tokens, type.sizeBytes(), room));
  }
}
