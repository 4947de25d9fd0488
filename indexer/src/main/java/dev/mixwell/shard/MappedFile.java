package dev.mixwell.shard;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** A file mapped read-only, and open so that its length can be asked for. Thread-safe. */
final class MappedFile implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file; // not a channel: an interrupted reader would close that
  private final MemorySegment bytes;

  private MappedFile(Path path, RandomAccessFile file, MemorySegment bytes) {
    this.path = path;
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * @param arena its end is the mapping's end
   * @throws Refusal shard-damaged if the file cannot be read
   */
  static MappedFile open(Path path, Arena arena) {
    try {
      var file = new RandomAccessFile(path.toFile(), "r");
      try {
        var bytes = file.getChannel().map(MapMode.READ_ONLY, 0, file.length(), arena);
        return new MappedFile(path, file, bytes);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  MemorySegment bytes() {
    return bytes;
  }

  void checkLength() {
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
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Refusal unreadable(Path path, IOException e) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The shard file %s cannot be read: %s. Restore it, or check the disk and the permissions."
                .formatted(path, e.getMessage()))
        .with("shard", path.toString());
  }
}
