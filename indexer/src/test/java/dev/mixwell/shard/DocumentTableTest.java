package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentTableTest {
  @TempDir Path directory;

  /** Documents anywhere in a file, in any order, as any type of token. */
  @Test
  void documentsAreReadWhereverTheyLie() throws IOException {
    for (TokenType type : TokenType.values())
      for (int seed = 0; seed < 6; seed++) scattered(type, seed);
  }

  private void scattered(TokenType type, int seed) throws IOException {
    var random = new SplittableRandom(seed);
    int width = type.sizeBytes();
    var file = new byte[random.nextInt(1, 40_000)];
    random.nextBytes(file);
    Path bin = directory.resolve(type + "-" + seed + ".bin");
    Path table = ShardWriter.tablePath(bin);
    List<long[]> places = new ArrayList<>();
    try (var writer = new DocumentTableWriter(table, width, 0)) {
      long at = 0;
      for (int d = random.nextInt(1, 300); d > 0; d--) {
        int length = random.nextInt(30);
        if (random.nextInt(3) == 0) at = random.nextInt(file.length);
        if (at + (long) length * width > file.length) continue;
        places.add(new long[] {at, length});
        writer.add(at, length);
        at += (long) length * width;
      }
      writer.finish();
    }
    for (long[] place : places)
      for (long i = 0; i < place[1]; i++) makeSmall(file, (int) (place[0] + i * width), type);
    Files.write(bin, file);
    try (Shard shard =
        TestShard.open(bin, type, BlockChecksums.compute(table, TestShard.BLOCK_BYTES))) {
      assertEquals(places.size(), shard.documentCount());
      var all = new ArrayList<Integer>();
      for (int d = 0; d < places.size(); d++) {
        int[] ids = shard.ids(shard.documentStart(d), (int) places.get(d)[1]);
        for (int i = 0; i < ids.length; i++)
          assertEquals(id(file, (int) places.get(d)[0] + i * width, type), ids[i], "seed " + seed);
        for (int id : ids) all.add(id);
      }
      int[] stream = shard.ids(0, (int) shard.tokenCount());
      assertArrayEquals(all.stream().mapToInt(i -> i).toArray(), stream);
    }
  }

  /** Ids stay below 2^31 in any type: the high bytes are cleared where they lie. */
  private static void makeSmall(byte[] file, int at, TokenType type) {
    int width = type.sizeBytes();
    boolean big = type.name().endsWith("BIG_ENDIAN");
    for (int b = Math.min(3, width - 1); b < width; b++)
      file[big ? at + width - 1 - b : at + b] = 0;
    if (width == 1) file[at] = 7;
  }

  private static int id(byte[] file, int at, TokenType type) {
    long id = 0;
    for (int b = 0; b < type.sizeBytes(); b++) {
      int place = type.name().endsWith("BIG_ENDIAN") ? type.sizeBytes() - 1 - b : b;
      id |= Byte.toUnsignedLong(file[at + b]) << 8 * place;
    }
    return (int) id;
  }

  @Test
  void typesAreFoundByWidthSignAndOrder() {
    assertEquals(TokenType.UINT8, TokenType.of(1, false, ByteOrder.BIG_ENDIAN));
    assertEquals(TokenType.INT64_BIG_ENDIAN, TokenType.of(8, true, ByteOrder.BIG_ENDIAN));
    assertFalse(TokenType.UINT16.sameBytes(TokenType.UINT16_BIG_ENDIAN));
  }

  @Test
  void aShardOfEmptyDocumentsHasNoTokens() throws IOException {
    Path bin = directory.resolve("empty.bin");
    TestShard.write(bin, 300, List.of(new int[0], new int[0]));
    try (Shard shard = TestShard.open(bin)) {
      assertEquals(2, shard.documentCount());
      assertEquals(0, shard.documentStart(1));
      assertEquals(0, shard.documentStart(2));
    }
  }
}
