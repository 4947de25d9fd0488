package dev.mixwell.lines;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.mixwell.base.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** How an input is compressed: said by its name, checked by its first bytes. */
enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst");

  /** A larger window would need more than 128 MiB for each file that is read. */
  static final int MAX_WINDOW_LOG2 = 27;

  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int ZSTD_MAGIC = 0x28B52FFD;
  private static final int ZSTD_SKIPPABLE_MAGIC = 0x502A4D18;
  private static final int ZSTD_SKIPPABLE_MASK = 0xF0FFFFFF; // the first byte's low half is free
  private static final int MAGIC_BYTES = 4;

  private final String ending;

  Compression(String ending) {
    this.ending = ending;
  }

  static Compression ofName(String name) {
    for (Compression kind : values()) if (kind != NONE && name.endsWith(kind.ending)) return kind;
    return NONE;
  }

  /**
   * The plain bytes of a file.
   *
   * @throws Refusal bad-input if the file is not what its name says
   */
  InputStream open(InputStream raw, Place file) throws IOException {
    var buffered = new BufferedInputStream(raw, 1 << 16);
    Compression found = detect(buffered);
    if (found != this && found != null) throw mislabelled(found, file);
    return switch (this) {
      case NONE -> buffered;
      case GZIP -> new GzipMembers(buffered);
      case ZSTD -> new ZstdInputStream(buffered).setLongMax(MAX_WINDOW_LOG2);
    };
  }

  /** What is wrong with a compressed file that could not be read. */
  static String describe(IOException e) {
    return e instanceof ZstdIOException zstd
            && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
        ? "its zstd frame needs a window of more than 2^%d bytes".formatted(MAX_WINDOW_LOG2)
        : "it is cut or damaged (%s)".formatted(e.getMessage());
  }

  /** Null for a file too short to tell. */
  private static @Nullable Compression detect(BufferedInputStream in) throws IOException {
    in.mark(MAGIC_BYTES);
    byte[] head = in.readNBytes(MAGIC_BYTES);
    in.reset();
    if (head.length < MAGIC_BYTES) return null;
    int magic = 0;
    for (byte b : head) magic = magic << 8 | Byte.toUnsignedInt(b);
    if (magic >>> 16 == GZIP_MAGIC) return GZIP;
    boolean isSkippable = (magic & ZSTD_SKIPPABLE_MASK) == ZSTD_SKIPPABLE_MAGIC;
    return magic == ZSTD_MAGIC || isSkippable ? ZSTD : NONE;
  }

  private Refusal mislabelled(Compression found, Place file) {
    String is = found == NONE ? "is not compressed by it" : "is compressed as " + found.ending;
    String says = this == NONE ? "no compression" : ending;
    return file.refused(
        "its name says %s, but it %s".formatted(says, is), "Give it the name that fits.");
  }
}
