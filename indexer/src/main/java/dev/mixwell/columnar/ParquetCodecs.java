package dev.mixwell.columnar;

import dev.mixwell.compress.ZstdFrames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/**
 * Decompresses pages without Hadoop's codecs, and none above a limit, whatever its header says.
 * Stateless.
 */
final class ParquetCodecs implements CompressionCodecFactory {
  /** Writers make pages of a MiB; one row may be longer than that. */
  static final int MAX_PAGE_BYTES = 1 << 28;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("nothing is written");
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new Pages(codec);
  }

  @Override
  public void release() {}

  private record Pages(CompressionCodecName codec) implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput page, int plainBytes) throws IOException {
      return BytesInput.from(plain(page.toByteArray(), plainBytes));
    }

    @Override
    public void decompress(ByteBuffer page, int pageBytes, ByteBuffer plain, int plainBytes)
        throws IOException {
      byte[] compressed = new byte[pageBytes];
      page.get(compressed);
      plain.put(plain(compressed, plainBytes));
    }

    private byte[] plain(byte[] page, int plainBytes) throws IOException {
      if (plainBytes < 0 || plainBytes > MAX_PAGE_BYTES)
        throw new IOException("a page would have %,d bytes".formatted(plainBytes));
      return switch (codec) {
        case UNCOMPRESSED -> page;
        case SNAPPY -> snappy(page, plainBytes);
        case GZIP -> streamed(new GZIPInputStream(new ByteArrayInputStream(page)), plainBytes);
        case BROTLI -> streamed(new BrotliInputStream(new ByteArrayInputStream(page)), plainBytes);
        case ZSTD -> zstd(page, plainBytes);
        case LZ4_RAW -> lz4(page, plainBytes);
        case LZ4, LZO -> throw new IOException("the codec " + codec + " is not read");
      };
    }

    private static byte[] snappy(byte[] page, int plainBytes) throws IOException {
      if (Snappy.uncompressedLength(page) != plainBytes)
        throw new IOException("a page's length differs from its header's");
      return Snappy.uncompress(page);
    }

    private static byte[] zstd(byte[] page, int plainBytes) throws IOException {
      checkRatio(page, plainBytes, ZstdFrames.MAX_RATIO);
      return ZstdFrames.expand(page, plainBytes);
    }

    /** A byte more stands for 255 of the same. */
    private static byte[] lz4(byte[] page, int plainBytes) throws IOException {
      checkRatio(page, plainBytes, 255);
      byte[] plain = new byte[plainBytes];
      int written =
          LZ4Factory.safeInstance().safeDecompressor().decompress(page, 0, page.length, plain, 0);
      if (written != plainBytes) throw new IOException("a page does not decompress");
      return plain;
    }

    private static void checkRatio(byte[] page, int plainBytes, int most) throws IOException {
      if (plainBytes / most > page.length)
        throw new IOException(
            "%,d bytes of a page would be %,d, decompressed".formatted(page.length, plainBytes));
    }

    private static byte[] streamed(InputStream in, int plainBytes) throws IOException {
      try (in) {
        byte[] plain = new byte[plainBytes];
        if (in.readNBytes(plain, 0, plainBytes) != plainBytes || in.read() >= 0)
          throw new IOException("a page's length differs from its header's");
        return plain;
      }
    }

    @Override
    public void release() {}
  }
}
