package dev.mixwell.group;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Extents on disk. Little-endian:
 *
 * <pre>
 *  offset       size  what
 *  0            8     magic "MIXWLEXT"
 *  8            4     version, 1
 *  12           4     number of extents n
 *  16 + 20 i    4     shard of extent i (its place in the manifest)
 *  20 + 20 i    8     first token in the shard
 *  28 + 20 i    8     token behind the last one
 *  16 + 20 n    32    SHA-256 of all bytes before
 * </pre>
 *
 * A file appears whole or not at all: it is written beside its place, forced, then renamed.
 */
public final class ExtentsFile {
  private static final long MAGIC = 0x5458454C5758494DL; // "MIXWLEXT", little-endian
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 16;
  private static final int EXTENT_BYTES = 20;
  private static final int DIGEST_BYTES = 32;
  private static final int BUFFER_BYTES = EXTENT_BYTES * 4_096;

  /** Takes the encoded bytes, a buffer at a time. */
  private interface Sink {
    void accept(ByteBuffer bytes) throws IOException;
  }

  private ExtentsFile() {}

  /**
   * Writes and forces the file and its name.
   *
   * @throws Refusal storage-failed
   */
  public static void write(Path path, Extents extents) {
    Path beside = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (var file =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        encode(extents, bytes -> writeAll(file, bytes));
        writeAll(file, ByteBuffer.wrap(HexFormat.of().parseHex(extents.sha256())));
        file.force(true);
      }
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (var folder =
          FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new Refusal(
              ProblemType.STORAGE_FAILED,
              "The extents file %s could not be written: %s. Free space or mend the disk, then try again."
                  .formatted(path, e.getMessage()))
          .with("file", path.toString());
    }
  }

  /**
   * Reads a file back.
   *
   * @param sha256 what {@link Extents#sha256} was when it was written
   * @throws Refusal extents-damaged if it is missing, cut, changed, or another group's
   */
  public static Extents read(Path path, String sha256) {
    Extents extents;
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      extents = decode(path, file);
    } catch (IOException e) {
      throw damaged(path, "cannot be read (" + e + ")");
    } catch (IllegalArgumentException e) {
      throw damaged(path, "holds extents out of order (" + e.getMessage() + ")");
    }
    if (!extents.sha256().equals(sha256))
      throw damaged(
          path, "has the SHA-256 " + extents.sha256() + " where " + sha256 + " was recorded");
    return extents;
  }

  static String digest(Extents extents) {
    var sha256 = newSha256();
    try {
      encode(extents, sha256::update);
    } catch (IOException e) {
      throw new AssertionError("a digest writes to no file", e);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void encode(Extents extents, Sink sink) throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(MAGIC).putInt(VERSION).putInt(extents.count());
    for (int i = 0; i < extents.count(); i++) {
      if (buffer.remaining() < EXTENT_BYTES) {
        sink.accept(buffer.flip());
        buffer.clear();
      }
      buffer.putInt(extents.shard(i)).putLong(extents.start(i)).putLong(extents.end(i));
    }
    sink.accept(buffer.flip());
  }

  private static Extents decode(Path path, FileChannel file) throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (file.size() < HEADER_BYTES + DIGEST_BYTES)
      throw damaged(path, "has only " + file.size() + " bytes");
    fill(file, buffer, HEADER_BYTES);
    if (buffer.getLong() != MAGIC || buffer.getInt() != VERSION)
      throw damaged(path, "does not begin like an extents file of version 1");
    int count = buffer.getInt();
    long expectedBytes = HEADER_BYTES + (long) EXTENT_BYTES * count + DIGEST_BYTES;
    if (count < 0 || file.size() != expectedBytes)
      throw damaged(
          path,
          "has %,d bytes where %,d extents need %,d".formatted(file.size(), count, expectedBytes));
    var collector = new Extents.Collector();
    for (int i = 0; i < count; i++) {
      if (i % (BUFFER_BYTES / EXTENT_BYTES) == 0)
        fill(file, buffer, (int) Math.min(BUFFER_BYTES, (long) EXTENT_BYTES * (count - i)));
      collector.add(buffer.getInt(), buffer.getLong(), buffer.getLong());
    }
    var extents = collector.finish();
    fill(file, buffer, DIGEST_BYTES);
    byte[] stored = new byte[DIGEST_BYTES];
    buffer.get(stored);
    if (!HexFormat.of().formatHex(stored).equals(extents.sha256()))
      throw damaged(path, "differs from the SHA-256 at its end");
    return extents;
  }

  private static void fill(FileChannel file, ByteBuffer buffer, int sizeBytes) throws IOException {
    buffer.clear().limit(sizeBytes);
    while (buffer.hasRemaining())
      if (file.read(buffer) < 0) throw new IOException("the file ends early");
    buffer.flip();
  }

  private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) file.write(bytes);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static Refusal damaged(Path path, String what) {
    return new Refusal(
            ProblemType.EXTENTS_DAMAGED,
            "The extents file %s %s. Restore it from a copy; nothing was served from it."
                .formatted(path, what))
        .with("file", path.toString());
  }
}
