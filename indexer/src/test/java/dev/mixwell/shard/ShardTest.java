package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"uint16", "int32"})
  void writerMakesTheOriginalWritersBytes(String sample) throws IOException {
    String folder = "megatron/" + sample;
    Path bin = directory.resolve("a.bin");
    TestShard.write(
        bin, Samples.expected(folder).get("vocab_size").asInt(), Samples.documents(folder));
    assertEquals(-1, Files.mismatch(Samples.file(folder, ".bin"), bin));
    assertEquals(-1, Files.mismatch(Samples.file(folder, ".idx"), ShardWriter.indexPath(bin)));
  }

  @Test
  void whatIsWrittenIsReadForAnyDocuments() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      int vocabularySize = random.nextBoolean() ? 65_499 : 65_500;
      var documents = new ArrayList<int[]>();
      for (int i = random.nextInt(300); i > 0; i--)
        documents.add(random.ints(random.nextInt(9), 0, vocabularySize).toArray());
      Path bin = directory.resolve(seed + ".bin");
      TestShard.write(bin, vocabularySize, documents);
      var type = TokenType.forVocabulary(vocabularySize);
      try (Shard shard = TestShard.open(bin, type, table(bin))) {
        assertDocuments(documents, shard);
        var checked = new AtomicLong();
        shard.checkAll(vocabularySize, checked::addAndGet);
        assertEquals(shard.tokenCount(), checked.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.bin", "a.docs"})
  void fileCutUnderTheMappingIsRefusedBeforeReading(String cut) throws IOException {
    Path bin = directory.resolve("a.bin");
    TestShard.write(bin, 300, List.of(new int[100_000]));
    try (Shard shard = TestShard.open(bin);
        var file = new RandomAccessFile(directory.resolve(cut).toFile(), "rw")) {
      shard.checkLength();
      file.setLength(file.length() - 1);
      var refusal = assertThrows(Refusal.class, shard::checkLength);
      assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
      assertTrue(refusal.detail().contains(cut), refusal.detail());
    }
  }

  @Test
  void aBlockBehindTheEndOfAFileThatWasCutIsRefused() throws IOException {
    Path bin = directory.resolve("a.bin");
    TestShard.write(bin, 300, List.of(new int[100_000]));
    try (Shard shard = TestShard.open(bin);
        var file = new RandomAccessFile(bin.toFile(), "rw")) {
      file.setLength(100);
      var refusal = assertThrows(Refusal.class, () -> shard.verify(90_000, 1_000));
      assertTrue(refusal.detail().contains("has 100 now"), refusal.detail());
    }
  }

  @Test
  void interruptedReaderDoesNotCloseTheShardForOthers() throws IOException {
    Path bin = directory.resolve("a.bin");
    TestShard.write(bin, 300, List.of(new int[] {7}));
    try (Shard shard = TestShard.open(bin)) {
      Thread.currentThread().interrupt();
      shard.checkLength();
      shard.verify(0, 1);
      assertTrue(Thread.interrupted());
      shard.checkLength();
    }
  }

  @Test
  void idBeyondTheVocabularyIsNamed() throws IOException {
    Path bin = directory.resolve("a.bin");
    TestShard.write(bin, 300, List.of(new int[] {1}, new int[] {2, 299}));
    try (Shard shard = TestShard.open(bin)) {
      var refusal = assertThrows(Refusal.class, () -> shard.checkTokens(299));
      assertTrue(refusal.detail().contains("Token 2"), refusal.detail());
      assertTrue(refusal.detail().contains("document 1"), refusal.detail());
    }
    try (var writer = new ShardWriter(directory.resolve("b.bin"), 300)) {
      var refusal = assertThrows(Refusal.class, () -> writer.append(new int[] {1, 300}));
      assertEquals(ProblemType.BAD_INPUT, refusal.type());
      assertEquals(0, writer.tokenCount());
    }
  }

  @Test
  void tokensBehindTwoGibibytesAreRead() throws IOException {
    Path bin = directory.resolve("large.bin");
    long tokens = (1L << 30) + 3; // sparse: no disk is used
    try (var file = new RandomAccessFile(bin.toFile(), "rw")) {
      file.setLength(2 * tokens);
      file.seek(2 * tokens - 2);
      file.write(new byte[] {5, 1});
    }
    Path table = ShardWriter.tablePath(bin);
    try (var writer = new DocumentTableWriter(table, 2, 0)) {
      writer.add(tokens);
      writer.finish();
    }
    try (Shard shard = TestShard.open(bin)) {
      assertEquals(tokens, shard.tokenCount());
      assertArrayEquals(new int[] {0, 261}, shard.ids(tokens - 2, 2));
      assertEquals(0, shard.documentAt(tokens - 1));
    }
  }

  @Test
  void anyFlippedBitOfTheDocumentTableIsRefused() throws IOException {
    List<int[]> documents = List.of(new int[] {1, 2}, new int[0], new int[] {3}, new int[] {4, 5});
    Path bin = directory.resolve("a.bin");
    TestShard.write(bin, 300, documents);
    Path table = ShardWriter.tablePath(bin);
    byte[] whole = Files.readAllBytes(table);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      BlockChecksums recorded = BlockChecksums.compute(table, 16);
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(table, flipped);
      var refusal =
          assertThrows(
              Refusal.class,
              () -> {
                try (Shard shard = TestShard.open(bin, TokenType.UINT16, recorded)) {
                  assertDocuments(documents, shard);
                }
              },
              "bit " + bit);
      assertTrue(refusal.detail().contains("a.docs"), refusal.detail());
      Files.write(table, whole);
    }
  }

  private static BlockChecksums table(Path bin) throws IOException {
    return BlockChecksums.compute(ShardWriter.tablePath(bin), TestShard.BLOCK_BYTES);
  }

  private static void assertDocuments(List<int[]> documents, Shard shard) {
    assertEquals(documents.size(), shard.documentCount());
    for (int k = 0; k < documents.size(); k++) {
      long start = shard.documentStart(k);
      int length = Math.toIntExact(shard.documentStart(k + 1L) - start);
      for (int i = 0; i < length; i++) assertEquals(k, shard.documentAt(start + i));
      assertArrayEquals(documents.get(k), shard.ids(start, length), "document " + k);
    }
    assertEquals(shard.tokenCount(), shard.documentStart(documents.size()));
  }
}
