package dev.mixwell.compress;

import com.github.luben.zstd.Zstd;
import java.io.IOException;

/** Frames of zstd in memory (RFC 8878), whose plain length is known. */
public final class ZstdFrames {
  private static final int BLOCK_BYTES = 1 << 17;

  /** At least 3 bytes stand for a block. */
  public static final int MAX_RATIO = BLOCK_BYTES / 3;

  private ZstdFrames() {}

  /**
   * @throws IOException if they do not decompress to that many bytes
   */
  public static byte[] expand(byte[] frames, int plainBytes) throws IOException {
    byte[] plain = new byte[plainBytes];
    long written = Zstd.decompress(plain, frames);
    if (Zstd.isError(written) || written != plainBytes)
      throw new IOException(
          "%,d bytes of zstd do not decompress to %,d".formatted(frames.length, plainBytes));
    return plain;
  }
}
