package dev.mixwell.lines;

import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A file of lines as plain bytes: its name says how it is compressed, its first bytes prove it. */
final class NamedInput {
  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int ZSTD_MAGIC = 0x28B52FFD;
  private static final int ZSTD_SKIPPABLE_MAGIC = 0x502A4D18;
  private static final int ZSTD_SKIPPABLE_MASK = 0xF0FFFFFF; // the first byte's low half is free
  private static final int MAGIC_BYTES = 4;
  private static final int BUFFER_BYTES = 1 << 16;

  /** How a file of lines may be compressed. */
  private enum Kind {
    PLAIN("", null),
    GZIP(".gz", Compression.GZIP),
    ZSTD(".zst", Compression.ZSTD);

    final String ending;
    final @Nullable Compression compression;

    Kind(String ending, @Nullable Compression compression) {
      this.ending = ending;
      this.compression = compression;
    }

    static Kind ofName(String name) {
      for (Kind kind : values()) if (kind != PLAIN && name.endsWith(kind.ending)) return kind;
      return PLAIN;
    }
  }

  private NamedInput() {}

  /**
   * The plain bytes of a file.
   *
   * @throws Refusal bad-input if the file is not what its name says
   */
  static InputStream open(InputStream raw, String name, Place file) throws IOException {
    Kind said = Kind.ofName(name);
    var buffered = new BufferedInputStream(raw, BUFFER_BYTES);
    Kind found = detect(buffered);
    if (found != said && found != null) throw mislabelled(said, found, file);
    return said.compression == null ? buffered : said.compression.open(buffered);
  }

  /** Null for a file too short to tell. */
  private static @Nullable Kind detect(BufferedInputStream in) throws IOException {
    in.mark(MAGIC_BYTES);
    byte[] head = in.readNBytes(MAGIC_BYTES);
    in.reset();
    if (head.length < MAGIC_BYTES) return null;
    int magic = 0;
    for (byte b : head) magic = magic << 8 | Byte.toUnsignedInt(b);
    if (magic >>> 16 == GZIP_MAGIC) return Kind.GZIP;
    boolean isSkippable = (magic & ZSTD_SKIPPABLE_MASK) == ZSTD_SKIPPABLE_MAGIC;
    return magic == ZSTD_MAGIC || isSkippable ? Kind.ZSTD : Kind.PLAIN;
  }

  private static Refusal mislabelled(Kind said, Kind found, Place file) {
    String is =
        found == Kind.PLAIN ? "is not compressed by it" : "is compressed as " + found.ending;
    String says = said == Kind.PLAIN ? "no compression" : said.ending;
    return file.refused(
        "its name says %s, but it %s".formatted(says, is), "Give it the name that fits.");
  }
}
