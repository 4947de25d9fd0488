package dev.mixwell.timeline;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far the log has certainly come, in a small file beside the database. A chain of hashes cannot
 * tell that its end is missing, and SQLite reads a damaged write-ahead log as a shorter one; this
 * can.
 *
 * <p>Written after each commit is forced and never forced itself: it costs a microsecond, outlives
 * a killed process, and after a power cut is at worst older than the log, never newer. One that is
 * torn or absent checks nothing.
 *
 * <pre>
 * offset  bytes
 *      0      8  entries, big-endian
 *      8     32  hash of the last of them
 *     40      4  CRC-32C of the bytes before, big-endian
 * </pre>
 */
final class Tip implements AutoCloseable {
  private static final int CRC_AT = Long.BYTES + EventRow.HASH_BYTES;
  private static final int BYTES = CRC_AT + Integer.BYTES;

  /** Not a channel: an interrupted thread would close it. Null for one that is only looked at. */
  private final @Nullable RandomAccessFile file;

  private final @Nullable Mark looked;

  private Tip(@Nullable RandomAccessFile file, @Nullable Mark looked) {
    this.file = file;
    this.looked = looked;
  }

  /**
   * @param hash of the last of {@code size} entries; nobody changes it
   */
  @SuppressWarnings("ArrayRecordComponent") // a digest is made anew for each entry
  record Mark(long size, byte[] hash) {}

  static Tip open(Path database) throws IOException {
    return new Tip(new RandomAccessFile(fileOf(database).toFile(), "rw"), null);
  }

  /** As it is now, whoever writes it meanwhile; cannot be written. */
  static Tip lookedAt(Path database) throws IOException {
    Path path = fileOf(database);
    byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    return new Tip(null, mark(bytes));
  }

  boolean isLookedAt() {
    return file == null;
  }

  static Path fileOf(Path database) {
    return database.resolveSibling(database.getFileName() + "-tip");
  }

  void write(Mark mark) throws IOException {
    var bytes = ByteBuffer.allocate(BYTES).putLong(mark.size).put(mark.hash);
    bytes.putInt(crc(bytes.array()));
    RandomAccessFile written = Objects.requireNonNull(file);
    written.seek(0);
    written.write(bytes.array());
  }

  /** Null if there is none. */
  @Nullable Mark read() throws IOException {
    if (file == null) return looked;
    byte[] bytes = new byte[(int) Math.min(file.length(), BYTES + 1)];
    file.seek(0);
    file.readFully(bytes);
    return mark(bytes);
  }

  private static @Nullable Mark mark(byte[] bytes) {
    if (bytes.length != BYTES) return null;
    var buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(CRC_AT) != crc(bytes)) return null;
    byte[] hash = new byte[EventRow.HASH_BYTES];
    buffer.get(Long.BYTES, hash);
    return new Mark(buffer.getLong(0), hash);
  }

  private static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, CRC_AT);
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    if (file != null) file.close();
  }
}
