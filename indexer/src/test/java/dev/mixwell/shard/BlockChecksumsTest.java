package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
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
    ShardTest.write(bin, 300, List.of(tokens));
    BlockChecksums.compute(bin, BLOCK_BYTES).write(sidecar);
  }

  @Test
  void anyFlippedBitIsFoundWhereItLies() throws IOException {
    for (int seed = 0; seed < 100; seed++) {
      int bit = new SplittableRandom(seed).nextInt(TOKENS * 16);
      flip(bin, bit);
      int at = bit / 8;
      String failure = "seed " + seed;
      try (Shard shard = Shard.open(bin)) {
        var checksums = BlockChecksums.read(sidecar, bin);
        long block = at / BLOCK_BYTES;
        checksums.verify(shard.tokens(), 0, block * BLOCK_BYTES);
        checksums.verify(shard.tokens(), (block + 1) * BLOCK_BYTES, TOKENS * 2);
        var refusal =
            assertThrows(
                Refusal.class, () -> checksums.verify(shard.tokens(), at, at + 1), failure);
        assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
        assertTrue(refusal.detail().contains("Block " + block + " of the shard " + bin), failure);
        assertThrows(Refusal.class, () -> checksums.verify(shard.tokens(), 0, TOKENS * 2), failure);
      }
      flip(bin, bit);
    }
  }

  @Test
  void blockIsReadOnce() throws IOException {
    var tokens = MemorySegment.ofArray(Files.readAllBytes(bin));
    var checksums = BlockChecksums.read(sidecar, bin);
    checksums.verify(tokens, 0, TOKENS);
    tokens.fill((byte) 0);
    checksums.verify(tokens, 0, TOKENS);
    assertThrows(Refusal.class, () -> checksums.verify(tokens, 0, TOKENS * 2));
  }

  @Test
  void otherLengthIsRefused() {
    var checksums = BlockChecksums.read(sidecar, bin);
    var shorter = MemorySegment.ofArray(new byte[TOKENS * 2 - 1]);
    assertThrows(Refusal.class, () -> checksums.verify(shorter, 0, 1));
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
