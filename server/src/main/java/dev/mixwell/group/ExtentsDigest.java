package dev.mixwell.group;

import dev.mixwell.base.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * What a run pins its extents by: SHA-256, in hexadecimal, of the layout that the first version of
 * the file had, whatever the file's layout is now. Little-endian:
 *
 * <pre>
 *  offset       size  what
 *  0            8     magic "MIXWLEXT"
 *  8            4     version, 1
 *  12           4     number of extents n
 *  16 + 20 i    4     shard of extent i (its index in the manifest)
 *  20 + 20 i    8     first token in the shard
 *  28 + 20 i    8     token behind the last one
 * </pre>
 */
final class ExtentsDigest {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 16;
  static final int EXTENT_BYTES = 20;
  static final int BUFFER_BYTES = EXTENT_BYTES * 4_096;

  private ExtentsDigest() {}

  static String of(Extents extents) {
    MessageDigest sha256 = Sha256.digest();
    var buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(ExtentsHeader.MAGIC).putInt(VERSION).putInt(extents.count());
    Extents.Cursor cursor = extents.cursor();
    while (cursor.next()) {
      if (buffer.remaining() < EXTENT_BYTES) {
        sha256.update(buffer.flip());
        buffer.clear();
      }
      buffer.putInt(cursor.shard()).putLong(cursor.start()).putLong(cursor.end());
    }
    sha256.update(buffer.flip());
    return Sha256.hex(sha256.digest());
  }
}
