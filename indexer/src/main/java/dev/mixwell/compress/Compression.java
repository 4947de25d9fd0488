package dev.mixwell.compress;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;

/** How the whole of a file is compressed. */
public enum Compression {
  GZIP,
  ZSTD;

  /** A larger window would need more than 128 MiB for each file that is read. */
  private static final int MAX_WINDOW_LOG2 = 27;

  /** Decompresses a whole file into another; replaced by the codec work of its own branch. */
  public void expand(Path from, Path to, long plainBytes) throws IOException {
    try (var in = open(Files.newInputStream(from))) {
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The plain bytes. */
  public InputStream open(InputStream compressed) throws IOException {
    return switch (this) {
      case GZIP -> new GZIPInputStream(compressed);
      case ZSTD -> new ZstdInputStream(compressed).setLongMax(MAX_WINDOW_LOG2);
    };
  }
}
