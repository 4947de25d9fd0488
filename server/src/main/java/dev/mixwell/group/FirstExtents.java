package dev.mixwell.group;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * Reads extents files of the first version, which runs made before the second still have: the bytes
 * that {@link ExtentsDigest} takes, then the digest's 32. They are held on the heap.
 */
final class FirstExtents {
  private static final int DIGEST_BYTES = 32;

  private FirstExtents() {}

  static Extents read(Path path) throws IOException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      return decode(path.toString(), file);
    } catch (IllegalArgumentException e) {
      throw ExtentsFile.damaged(
          path.toString(), "holds extents out of order (" + e.getMessage() + ")");
    }
  }

  private static Extents decode(String name, FileChannel file) throws IOException {
    var buffer = ByteBuffer.allocate(ExtentsDigest.BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (file.size() < ExtentsDigest.HEADER_BYTES + DIGEST_BYTES)
      throw ExtentsFile.damaged(name, "has only " + file.size() + " bytes");
    fill(file, buffer, ExtentsDigest.HEADER_BYTES);
    int count = buffer.position(ExtentsHeader.PREFIX_BYTES).getInt();
    long body = (long) ExtentsDigest.EXTENT_BYTES * count;
    if (count < 0 || file.size() != ExtentsDigest.HEADER_BYTES + body + DIGEST_BYTES)
      throw ExtentsFile.damaged(
          name, "has %,d bytes, but names %,d extents".formatted(file.size(), count));
    var writer = ExtentsWriter.inMemory();
    for (long left = body; left > 0; left -= buffer.limit()) {
      fill(file, buffer, (int) Math.min(buffer.capacity(), left));
      while (buffer.hasRemaining()) writer.add(buffer.getInt(), buffer.getLong(), buffer.getLong());
    }
    Extents extents = writer.finish(0);
    fill(file, buffer, DIGEST_BYTES);
    byte[] stored = new byte[DIGEST_BYTES];
    buffer.get(stored);
    if (!HexFormat.of().formatHex(stored).equals(extents.sha256()))
      throw ExtentsFile.damaged(name, "differs from the SHA-256 at its end");
    return extents;
  }

  private static void fill(FileChannel file, ByteBuffer buffer, int sizeBytes) throws IOException {
    buffer.clear().limit(sizeBytes);
    while (buffer.hasRemaining())
      if (file.read(buffer) < 0) throw new IOException("the file ends early");
    buffer.flip();
  }
}
