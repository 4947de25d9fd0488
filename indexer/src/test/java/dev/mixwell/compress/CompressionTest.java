package dev.mixwell.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CompressionTest {
  private static final int BOMB_BYTES = 64 << 20;
  private static final int EXPECTED_BYTES = 1_000;

  /** Zeros' first byte, then copies of 64 bytes from one byte before, without end. */
  private static final byte[] SNAPPY_COPY = {(byte) 0xFE, 1, 0};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = "BROTLI") // nothing here writes it; the samples have it
  void aBombIsRefusedWhenItsFirstByteTooManyComes(Compression codec) throws IOException {
    Path bomb = Files.write(folder.resolve("bomb"), zeros(codec, BOMB_BYTES));
    Path plain = folder.resolve("plain");
    Refusal refusal = assertThrows(Refusal.class, () -> codec.expand(bomb, plain, EXPECTED_BYTES));
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
    assertTrue(refusal.detail().contains(bomb.toString()), refusal.detail());
    assertTrue(Files.size(plain) <= EXPECTED_BYTES, "wrote " + Files.size(plain));
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "BROTLI")
  void aFileThatHoldsFewerBytesIsRefused(Compression codec) throws IOException {
    Path small = Files.write(folder.resolve("small"), zeros(codec, EXPECTED_BYTES));
    Path plain = folder.resolve("plain");
    codec.expand(small, plain, EXPECTED_BYTES);
    assertArrayEquals(new byte[EXPECTED_BYTES], Files.readAllBytes(plain));
    Refusal refusal = assertThrows(Refusal.class, () -> codec.expand(small, plain, 1L << 40));
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
  }

  /** A block that says it has 4 GiB and has a few bytes takes no memory for them. */
  @Test
  void whatASnappyBlockDeclaresIsNotAllocated() throws IOException {
    byte[] block = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 0, 1};
    Path file = Files.write(folder.resolve("declared"), block);
    Refusal refusal =
        assertThrows(
            Refusal.class,
            () -> Compression.SNAPPY.expand(file, folder.resolve("plain"), 1L << 40));
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
  }

  @Test
  void aFullDiskIsNoDamageOfTheFile() throws IOException {
    Path file = Files.write(folder.resolve("whole"), zeros(Compression.GZIP, EXPECTED_BYTES));
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full");
    assertThrows(IOException.class, () -> Compression.GZIP.expand(file, full, EXPECTED_BYTES));
  }

  private static byte[] zeros(Compression codec, int count) throws IOException {
    var bytes = new ByteArrayOutputStream();
    if (codec == Compression.SNAPPY) return snappyZeros(count, bytes);
    try (OutputStream out = writer(codec, bytes)) {
      byte[] part = new byte[1 << 16];
      for (int left = count; left > 0; left -= part.length)
        out.write(part, 0, Math.min(left, part.length));
    }
    return bytes.toByteArray();
  }

  private static OutputStream writer(Compression codec, OutputStream out) throws IOException {
    return switch (codec) {
      case GZIP -> new GZIPOutputStream(out);
      case ZSTD -> new ZstdOutputStream(out);
      case BZIP2 -> new BZip2CompressorOutputStream(out);
      case BROTLI, SNAPPY -> throw new IllegalArgumentException(codec + " is not written here");
    };
  }

  /** By hand, as its format description has it: the length, a literal, copies. */
  private static byte[] snappyZeros(int count, ByteArrayOutputStream out) {
    int rest = count;
    for (; rest >= 0x80; rest >>>= 7) out.write(rest & 0x7F | 0x80);
    out.write(rest);
    int literal = (count - 1) % 64 + 1;
    out.write(literal - 1 < 60 ? (literal - 1) << 2 : 60 << 2);
    if (literal - 1 >= 60) out.write(literal - 1);
    for (int i = 0; i < literal; i++) out.write(0);
    for (int left = count - literal; left > 0; left -= 64) out.writeBytes(SNAPPY_COPY);
    return out.toByteArray();
  }
}
