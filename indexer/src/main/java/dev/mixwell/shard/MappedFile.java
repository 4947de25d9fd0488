package dev.mixwell.shard;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file mapped read-only, and open so that its length can be asked for. Each block is compared
 * with its checksum when it is first read. Thread-safe until closed.
 *
 * <p>Blocks are compared as the file system reads them, not through the mapping: where somebody
 * cuts the file meanwhile that is an error to be handled, and not a fault inside native code.
 */
public final class MappedFile implements ShardBytes, BlockChecksums.Blocks {
  private final Path path;
  private final RandomAccessFile file; // not a channel: an interrupted reader would close that
  private final Arena arena;
  private final MemorySegment bytes;
  private final BlockChecksums checksums;

  private MappedFile(
      Path path, RandomAccessFile file, Arena arena, MemorySegment bytes, BlockChecksums recorded) {
    this.path = path;
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
    this.checksums = recorded;
  }

  /**
   * @throws Refusal shard-damaged if the file cannot be read or has another length than was
   *     recorded
   */
  public static MappedFile open(Path path, BlockChecksums recorded) {
    RandomAccessFile file = null;
    Arena arena = Arena.ofShared();
    try {
      file = new RandomAccessFile(path.toFile(), "r");
      recorded.requireLength(file.length());
      var bytes = file.getChannel().map(MapMode.READ_ONLY, 0, recorded.lengthBytes(), arena);
      return new MappedFile(path, file, arena, bytes, recorded);
    } catch (IOException | RuntimeException e) {
      arena.close();
      close(file);
      throw e instanceof Refusal refusal ? refusal : unreadable(path, e);
    }
  }

  @Override
  public long sizeBytes() {
    return bytes.byteSize();
  }

  @Override
  public void checkLength() {
    long nowBytes;
    try {
      nowBytes = file.length();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    if (nowBytes != bytes.byteSize())
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "The shard file %s had %,d bytes when it was opened and has %,d now. Restore it and restart."
                  .formatted(path, bytes.byteSize(), nowBytes))
          .with("shard", path.toString());
  }

  @Override
  public MemorySegment verified(long fromByte, long toByte) {
    checksums.verify(this, fromByte, toByte);
    return bytes.asSlice(fromByte, toByte - fromByte);
  }

  @Override
  public void load(long fromByte, long toByte) {
    MemorySegment part = verified(fromByte, toByte);
    if (!part.isLoaded()) part.load();
  }

  @Override
  public void read(long fromByte, byte[] block) {
    try {
      synchronized (file) {
        file.seek(fromByte);
        file.readFully(block);
      }
    } catch (IOException e) {
      checkLength();
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() {
    arena.close();
    close(file);
  }

  private static void close(@Nullable RandomAccessFile file) {
    try {
      if (file != null) file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Refusal unreadable(Path path, Exception e) {
    String why =
        e instanceof IOException failure ? IoReason.of(failure) : String.valueOf(e.getMessage());
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s cannot be read: %s. Restore it, or check the disk and the permissions."
                .formatted(path, why))
        .with("shard", path.toString());
  }
}
