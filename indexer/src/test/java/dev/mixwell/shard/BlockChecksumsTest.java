package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockChecksumsTest {
  private static final int BLOCK_BYTES = 64;
  private static final int TOKENS = 1_000;

  @TempDir Path directory;
  private Path bin;
  private Path sidecar;

  @BeforeEach
  void writeShard() throws IOException {
    bin = directory.resolve("a.bin");
    sidecar = directory.resolve("a.crc");
    int[] tokens = new SplittableRandom(1).ints(TOKENS, 0, 300).toArray();
    TestShard.write(bin, 300, List.of(tokens));
    BlockChecksums.compute(bin, BLOCK_BYTES).write(sidecar);
  }

  @Test
  void anyFlippedBitIsFoundWhereItLies() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      int bit = new SplittableRandom(seed).nextInt(TOKENS * 16);
      flip(bin, bit);
      int at = bit / 8;
      String failure = "seed " + seed;
      var checksums = BlockChecksums.read(sidecar, bin);
      try (var file = MappedFile.open(bin, checksums)) {
        long block = at / BLOCK_BYTES;
        file.verified(0, block * BLOCK_BYTES);
        file.verified(Math.min(TOKENS * 2, (block + 1) * BLOCK_BYTES), TOKENS * 2);
        var refusal = assertThrows(Refusal.class, () -> file.verified(at, at + 1), failure);
        assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
        assertTrue(refusal.detail().contains("Block " + block + " of the shard " + bin), failure);
        assertThrows(Refusal.class, () -> file.verified(0, TOKENS * 2), failure);
      }
      flip(bin, bit);
    }
  }

  @Test
  void blockIsReadOnce() throws IOException {
    byte[] bytes = Files.readAllBytes(bin);
    var checksums = BlockChecksums.read(sidecar, bin);
    BlockChecksums.Blocks blocks =
        (from, block) -> System.arraycopy(bytes, (int) from, block, 0, block.length);
    checksums.verify(blocks, 0, TOKENS);
    Arrays.fill(bytes, (byte) 0);
    checksums.verify(blocks, 0, TOKENS);
    assertThrows(Refusal.class, () -> checksums.verify(blocks, 0, TOKENS * 2));
  }

  @Test
  void otherLengthIsRefused() throws IOException {
    var checksums = BlockChecksums.read(sidecar, bin);
    Files.write(bin, new byte[TOKENS * 2 - 1]);
    assertThrows(Refusal.class, () -> MappedFile.open(bin, checksums));
  }

  @Test
  void anyDamageOfTheSidecarIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(sidecar);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      flip(sidecar, bit);
      var refusal = assertThrows(Refusal.class, () -> BlockChecksums.read(sidecar, bin));
      assertTrue(refusal.detail().contains("a.crc"), refusal.detail());
      flip(sidecar, bit);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(sidecar, Arrays.copyOf(whole, length));
      assertThrows(Refusal.class, () -> BlockChecksums.read(sidecar, bin), "length " + length);
    }
  }

  private static void flip(Path path, int bit) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(bit / 8);
      int value = file.read();
      file.seek(bit / 8);
      file.write(value ^ 1 << bit % 8);
    }
  }
}
