package dev.mixwell.group;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Extents on disk, as {@link ExtentsHeader} draws them. A file is written beside its place and then
 * renamed, but not forced: what a power cut leaves of it is found by its checksums. Owned, while it
 * is written, by one thread.
 */
public final class ExtentsFile implements ExtentsWriter.Target {
  /** Shorter files are read to the end at once, and held on the heap. */
  private static final int MAPPED_FROM_BYTES = 1 << 16;

  private final Path path;
  private final Path beside;
  private final FileChannel channel;
  private boolean isPublished;

  private ExtentsFile(Path path, Path beside, FileChannel channel) {
    this.path = path;
    this.beside = beside;
    this.channel = channel;
  }

  static ExtentsFile create(Path path) {
    Path beside = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      var channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      return new ExtentsFile(path, beside, channel);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * Opens a file. One of {@value #MAPPED_FROM_BYTES} bytes or more is mapped for as long as the
   * extents are in use; its header, directory and checksums are read now and its data when it is
   * needed.
   *
   * @param sha256 what {@link Extents#sha256} was when it was written
   * @throws Refusal extents-damaged if it is missing, cut, changed, or another group's
   */
  public static Extents read(Path path, String sha256) {
    Extents extents = read(path);
    if (!extents.sha256().equals(sha256))
      throw damaged(
          path.toString(),
          "has the SHA-256 " + extents.sha256() + " where " + sha256 + " was recorded");
    return extents;
  }

  /** As {@link #read(Path, String)}, whichever extents they are. */
  static Extents read(Path path) {
    try {
      var file = new RandomAccessFile(path.toFile(), "r");
      Extents mapped = null;
      try {
        byte[] start = new byte[(int) Math.min(file.length(), ExtentsHeader.SIZE_BYTES)];
        file.readFully(start);
        if (isFirstVersion(start)) return FirstExtents.read(path);
        Extents extents = open(path, file, start);
        if (file.length() >= MAPPED_FROM_BYTES) mapped = extents;
        return extents;
      } finally {
        if (mapped == null) file.close();
      }
    } catch (IOException e) {
      throw damaged(path.toString(), "cannot be read (" + IoReason.of(e) + ")");
    }
  }

  private static Extents open(Path path, RandomAccessFile file, byte[] start) throws IOException {
    String name = path.toString();
    ExtentsHeader header = ExtentsHeader.parse(start);
    if (header == null) throw damaged(name, "does not begin like an extents file, or not any more");
    long foundBytes = file.length();
    if (foundBytes != header.lengthBytes())
      throw damaged(
          name,
          "has %,d bytes where %,d extents need %,d"
              .formatted(foundBytes, header.count(), header.lengthBytes()));
    MemorySegment bytes;
    if (foundBytes < MAPPED_FROM_BYTES) {
      byte[] all = new byte[(int) foundBytes];
      file.seek(0);
      file.readFully(all);
      bytes = MemorySegment.ofArray(all);
    } else bytes = file.getChannel().map(MapMode.READ_ONLY, 0, foundBytes, Arena.ofAuto());
    var tail = bytes.asSlice(header.directoryAt()).asByteBuffer();
    if (ExtentsHeader.crc(tail) != header.tailCrc())
      throw damaged(name, "has another directory than was written");
    if (bytes.isMapped()) return new Extents(name, file, bytes, header);
    var extents = new Extents(name, null, bytes, header);
    extents.verify();
    return extents;
  }

  /**
   * Copies a file and forces the copy, which appears when it is whole; its folder is not forced.
   *
   * @throws Refusal storage-failed
   */
  static void copy(Path source, Path target) {
    Path beside = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      Files.copy(source, beside, StandardCopyOption.REPLACE_EXISTING);
      ForcedFiles.force(beside);
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private static boolean isFirstVersion(byte[] start) {
    var bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    return start.length >= ExtentsHeader.PREFIX_BYTES
        && bytes.getLong() == ExtentsHeader.MAGIC
        && bytes.getInt() == ExtentsDigest.VERSION;
  }

  @Override
  public void append(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) channel.write(bytes);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public MemorySegment bytes(ByteBuffer header) {
    try {
      write(header);
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public Extents finish(ExtentsHeader header) {
    try {
      write(header.toBytes());
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isPublished = true;
    } catch (IOException e) {
      throw failed(path, e);
    }
    return read(path, header.sha256());
  }

  private void write(ByteBuffer header) throws IOException {
    for (long at = 0; header.hasRemaining(); ) at += channel.write(header, at);
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (!isPublished) Files.deleteIfExists(beside);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  static Refusal failed(Path path, IOException e) {
    return new Refusal(
            ProblemType.STORAGE_FAILED,
            "The extents file %s could not be written: %s. Free space or mend the disk, then try again."
                .formatted(path, IoReason.of(e)))
        .with("file", path.toString());
  }

  static Refusal damaged(String file, String what) {
    return new Refusal(
            ProblemType.EXTENTS_DAMAGED,
            "The extents file %s %s. Restore it from a copy; nothing was served from it."
                .formatted(file, what))
        .with("file", file);
  }
}
