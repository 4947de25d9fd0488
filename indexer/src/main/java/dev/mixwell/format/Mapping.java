package dev.mixwell.format;

import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file mapped for one reader. Numbers are little-endian, anywhere; what is read behind the end is
 * damage of the file. Owned by one thread.
 */
public final class Mapping implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final Arena arena = Arena.ofShared(); // readers of a library's own may have threads
  private final MemorySegment bytes;

  private Mapping(String name, Path file) throws IOException {
    this.name = name;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * @param name in messages
   */
  public static Mapping of(String name, Path file) throws IOException {
    return new Mapping(name, file);
  }

  public long sizeBytes() {
    return bytes.byteSize();
  }

  public MemorySegment bytes() {
    return bytes;
  }

  public int u8(long at) {
    require(at, 1);
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at));
  }

  public int i32(long at) {
    require(at, Integer.BYTES);
    return bytes.get(INT, at);
  }

  public long u32(long at) {
    return Integer.toUnsignedLong(i32(at));
  }

  public long i64(long at) {
    require(at, Long.BYTES);
    return bytes.get(LONG, at);
  }

  public byte[] array(long at, int length) {
    require(at, length);
    return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  public boolean startsWith(byte[] magic) {
    return sizeBytes() >= magic.length
        && bytes.asSlice(0, magic.length).mismatch(MemorySegment.ofArray(magic)) < 0;
  }

  /** The token at a byte. */
  public long token(TokenType type, long at) {
    require(at, type.sizeBytes());
    return type.get(bytes, at);
  }

  /** The tokens from a byte on. */
  void tokens(TokenType type, long at, long[] ids, int count) {
    require(at, (long) count * type.sizeBytes());
    type.read(bytes, at, ids, count);
  }

  private void require(long at, long length) {
    if (at < 0 || length > sizeBytes() - at)
      throw Faults.damaged(
          name,
          "it ends at byte %,d, but %,d bytes at %,d should follow"
              .formatted(sizeBytes(), length, at));
  }

  @Override
  public void close() {
    arena.close();
  }
}
