package dev.mixwell.compress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The plain bytes of a gzip file of any number of members (RFC 1952). The JDK's stream takes bytes
 * that are no member for the end of the file; here they are an error, so that a damaged file never
 * passes for a shorter one. Zero bytes may pad the end. Owned by one thread.
 */
final class GzipMembers extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private boolean isInMember;
  private boolean isAtEnd;

  GzipMembers(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (length > 0) {
      if (!isInMember && !beginMember()) return -1;
      int count = inflate(target, offset, length);
      if (count > 0) return count;
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int count = inflater.inflate(target, offset, length);
      crc.update(target, offset, count);
      if (inflater.finished()) endMember();
      else if (count == 0) feed();
      return count;
    } catch (DataFormatException e) {
      throw new ZipException("the compressed data is wrong: " + e.getMessage());
    }
  }

  private void feed() throws IOException {
    if (inflater.needsDictionary()) throw new ZipException("it needs a dictionary");
    if (!fill()) throw new EOFException("the file ends within a gzip member");
    inflater.setInput(buffer, 0, limit);
    position = limit; // the inflater has it; endMember takes back what it did not use
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    if (fourBytes() != crc.getValue()) throw new ZipException("the checksum is wrong");
    if (fourBytes() != (inflater.getBytesWritten() & 0xFFFF_FFFFL))
      throw new ZipException("the length is wrong");
    isInMember = false;
  }

  private boolean beginMember() throws IOException {
    if (isAtEnd || !skipPadding()) return false;
    if (oneByte() != 0x1F || oneByte() != 0x8B)
      throw new ZipException("bytes that are no gzip member follow");
    if (oneByte() != DEFLATE) throw new ZipException("the compression method is unknown");
    int flags = oneByte();
    for (int i = 0; i < 6; i++) oneByte(); // time, level, system
    if ((flags & EXTRA) != 0) for (int n = oneByte() | oneByte() << 8; n > 0; n--) oneByte();
    if ((flags & NAME) != 0) skipText();
    if ((flags & COMMENT) != 0) skipText();
    if ((flags & HEADER_CRC) != 0) for (int i = 0; i < 2; i++) oneByte();
    inflater.reset();
    crc.reset();
    inflater.setInput(buffer, position, limit - position);
    position = limit;
    isInMember = true;
    return true;
  }

  /** False at the end of the file. */
  private boolean skipPadding() throws IOException {
    while (position < limit || fill()) {
      if (buffer[position] != 0) return true;
      position++;
    }
    isAtEnd = true;
    return false;
  }

  private void skipText() throws IOException {
    while (oneByte() != 0) {}
  }

  private int oneByte() throws IOException {
    if (position == limit && !fill()) throw new EOFException("the file ends within a gzip member");
    return Byte.toUnsignedInt(buffer[position++]);
  }

  private long fourBytes() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) value |= (long) oneByte() << shift;
    return value;
  }

  private boolean fill() throws IOException {
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    position = 0;
    return limit > 0;
  }
}
