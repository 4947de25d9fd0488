package dev.mixwell.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.brotli.BrotliCompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.snappy.SnappyCompressorInputStream;

/** How the whole of a file is compressed. */
public enum Compression {
  GZIP,
  ZSTD,
  BROTLI,
  BZIP2,
  /** One raw block, as python-snappy writes it. */
  SNAPPY;

  /** A larger window would need more than 128 MiB for each file that is read. */
  private static final int MAX_WINDOW_LOG2 = 27;

  /** Snappy's writers refer back at most so far. */
  private static final int SNAPPY_BLOCK_BYTES = 1 << 16;

  private static final int BUFFER_BYTES = 1 << 17;

  /**
   * Decompresses a whole file. Memory does not go with its length, and no more than the bytes
   * expected are written, however much it says it holds.
   *
   * @param to replaced if it is there
   * @throws Refusal shard-damaged if it does not decompress to that many bytes
   * @throws IOException if it is missing, or the target cannot be written
   */
  public void expand(Path from, Path to, long plainBytes) throws IOException {
    expand(Files.newInputStream(from), from.toString(), to, plainBytes);
  }

  /**
   * The same for a file that comes from elsewhere.
   *
   * @param raw is closed
   * @param from what the user calls it
   * @throws Refusal also what reading throws
   */
  public void expand(InputStream raw, String from, Path to, long plainBytes) throws IOException {
    long written = 0;
    try (InputStream in = opened(raw, from);
        OutputStream out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = read(in, buffer, from); n >= 0; n = read(in, buffer, from)) {
        written += n;
        if (written > plainBytes)
          throw damaged(from, "it holds more than the %,d bytes it should".formatted(plainBytes));
        out.write(buffer, 0, n);
      }
    }
    if (written != plainBytes)
      throw damaged(from, "it holds %,d bytes instead of %,d".formatted(written, plainBytes));
  }

  private InputStream opened(InputStream raw, String from) throws IOException {
    try {
      return open(new BufferedInputStream(raw, BUFFER_BYTES));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw unreadable(from, e);
    }
  }

  private int read(InputStream in, byte[] buffer, String from) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException | RuntimeException e) {
      throw unreadable(from, e);
    }
  }

  /** Codecs meet damage with many exceptions; an interrupt is none, nor is a source's refusal. */
  private Refusal unreadable(String from, Exception e) throws ClosedByInterruptException {
    if (e instanceof ClosedByInterruptException interrupt) throw interrupt;
    if (e instanceof Refusal refusal) return refusal;
    return damaged(from, flaw(e));
  }

  /**
   * The plain bytes of a stream.
   *
   * @param compressed is closed with the answer; buffered where reading it is dear
   */
  public InputStream open(InputStream compressed) throws IOException {
    return switch (this) {
      case GZIP -> new GzipMembers(compressed);
      case ZSTD -> new ZstdInputStream(compressed).setLongMax(MAX_WINDOW_LOG2);
      case BROTLI -> new BrotliCompressorInputStream(compressed);
      case BZIP2 -> new BZip2CompressorInputStream(compressed, true);
      case SNAPPY -> new SnappyCompressorInputStream(compressed, SNAPPY_BLOCK_BYTES);
    };
  }

  /** What is wrong with a compressed file that could not be read, as a clause. */
  public static String flaw(Exception e) {
    return e instanceof ZstdIOException zstd
            && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
        ? "its zstd frame needs a window of more than 2^%d bytes".formatted(MAX_WINDOW_LOG2)
        : "it is cut or damaged (%s)".formatted(e.getMessage());
  }

  private Refusal damaged(String file, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The file %s does not decompress as %s: %s. Restore it from its source or write it again."
                .formatted(file, this, what))
        .with("shard", file);
  }
}
