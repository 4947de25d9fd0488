package dev.mixwell.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"uint16", "int32", "empty_documents", "multi_sequence", "by_datatrove"})
  void documentsAreWhatTheOriginalReaderFinds(String sample) throws IOException {
    String folder = "megatron/" + sample;
    try (Shard shard = Shard.open(Samples.file(folder, ".bin"))) {
      assertDocuments(Samples.documents(folder), shard);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint16", "int32"})
  void writerMakesTheOriginalWritersBytes(String sample) throws IOException {
    String folder = "megatron/" + sample;
    Path bin = directory.resolve("a.bin");
    write(bin, Samples.expected(folder).get("vocab_size").asInt(), Samples.documents(folder));
    assertEquals(-1, Files.mismatch(Samples.file(folder, ".bin"), bin));
    assertEquals(-1, Files.mismatch(Samples.file(folder, ".idx"), Shard.indexPath(bin)));
  }

  @Test
  void whatIsWrittenIsReadForAnyDocuments() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      int vocabularySize = random.nextBoolean() ? 65_499 : 65_500;
      var documents = new ArrayList<int[]>();
      for (int i = random.nextInt(40); i > 0; i--)
        documents.add(random.ints(random.nextInt(9), 0, vocabularySize).toArray());
      Path bin = directory.resolve(seed + ".bin");
      write(bin, vocabularySize, documents);
      try (Shard shard = Shard.open(bin)) {
        assertEquals(TokenType.forVocabulary(vocabularySize), shard.type(), "seed " + seed);
        assertDocuments(documents, shard);
        shard.checkTokens(vocabularySize);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "count_overflow, cannot hold",
    "count_too_large, cannot hold",
    "document_index_beyond, document 9 begins at sequence 500",
    "document_index_decreasing, document 4 begins at sequence 2",
    "length_negative, the length of sequence 2 is -5",
    "missing_bin, cannot be read",
    "offset_beyond_file, sequence 3 begins at byte",
    "offset_negative, sequence 3 begins at byte -2",
    "truncated_data, but the .bin has",
    "truncated_header, it has 20 bytes",
    "truncated_index, cannot hold",
  })
  void damageIsNamed(String sample, String what) {
    var refusal = assertThrows(Refusal.class, () -> openBroken(sample));
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type(), refusal.detail());
    assertTrue(refusal.detail().contains(what), refusal.detail());
    assertTrue(refusal.detail().contains("x."), refusal.detail());
  }

  @ParameterizedTest
  @CsvSource({
    "float_dtype, float32",
    "unknown_dtype, code 9",
    "wrong_magic, TNTIDX",
    "wrong_version, version is 2"
  })
  void otherLayoutsAreNamed(String sample, String what) {
    var refusal = assertThrows(Refusal.class, () -> openBroken(sample));
    assertEquals(ProblemType.BAD_INPUT, refusal.type(), refusal.detail());
    assertTrue(refusal.detail().contains(what), refusal.detail());
  }

  @ParameterizedTest
  @CsvSource({"multimodal, multimodal", "uint8, uint8"})
  void unservedSamplesAreNamed(String sample, String what) {
    Path bin = Samples.file("megatron/" + sample, ".bin");
    var refusal = assertThrows(Refusal.class, () -> Shard.open(bin));
    assertEquals(ProblemType.BAD_INPUT, refusal.type());
    assertTrue(refusal.detail().contains(what), refusal.detail());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.bin", "a.idx"})
  void fileCutUnderTheMappingIsRefusedBeforeReading(String cut) throws IOException {
    Path bin = directory.resolve("a.bin");
    write(bin, 300, List.of(new int[100_000]));
    try (Shard shard = Shard.open(bin);
        var file = new RandomAccessFile(directory.resolve(cut).toFile(), "rw")) {
      shard.checkLength();
      file.setLength(file.length() - 1);
      var refusal = assertThrows(Refusal.class, shard::checkLength);
      assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
      assertTrue(refusal.detail().contains(cut), refusal.detail());
    }
  }

  @Test
  void interruptedReaderDoesNotCloseTheShardForOthers() throws IOException {
    Path bin = directory.resolve("a.bin");
    write(bin, 300, List.of(new int[] {7}));
    try (Shard shard = Shard.open(bin)) {
      Thread.currentThread().interrupt();
      shard.checkLength();
      assertTrue(Thread.interrupted());
      shard.checkLength();
    }
  }

  @Test
  void idBeyondTheVocabularyIsNamed() throws IOException {
    Path bin = directory.resolve("a.bin");
    write(bin, 300, List.of(new int[] {1}, new int[] {2, 299}));
    try (Shard shard = Shard.open(bin)) {
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
    write(bin, 65_000, List.of(new int[0]));
    long tokens = (1L << 30) + 3; // sparse: no disk is used
    try (var file = new RandomAccessFile(bin.toFile(), "rw")) {
      file.setLength(2 * tokens);
      file.seek(2 * tokens - 2);
      file.write(new byte[] {5, 1});
    }
    try (var index = new RandomAccessFile(Shard.indexPath(bin).toFile(), "rw")) {
      index.seek(MegatronIndex.HEADER_BYTES);
      index.writeInt(Integer.reverseBytes((int) tokens));
    }
    try (Shard shard = Shard.open(bin)) {
      assertEquals(tokens, shard.tokenCount());
      assertEquals(261, shard.type().get(shard.tokens(), tokens - 1));
      assertEquals(0, shard.documentAt(tokens - 1));
    }
  }

  @Test
  void anyFlippedBitOfTheIndexIsRefusedOrLeavesTheDocuments() throws IOException {
    List<int[]> documents = List.of(new int[] {1, 2}, new int[0], new int[] {3});
    Path bin = directory.resolve("a.bin");
    write(bin, 300, documents);
    Path idx = Shard.indexPath(bin);
    byte[] whole = Files.readAllBytes(idx);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(idx, flipped);
      int at = bit;
      // A document index may still be in order after a flip; the manifest's digest finds those.
      try (Shard shard = Shard.open(bin)) {
        assertEquals(3, shard.tokenCount(), "bit " + at);
      } catch (Refusal refusal) {
        assertTrue(refusal.detail().contains("a.idx"), refusal.detail());
      }
    }
  }

  @Test
  void anyFlippedBitOfARecordedIndexIsRefusedOrChangesNothing() throws IOException {
    List<int[]> documents = List.of(new int[] {1, 2}, new int[0], new int[] {3}, new int[] {4, 5});
    Path bin = directory.resolve("a.bin");
    write(bin, 300, documents);
    Path idx = Shard.indexPath(bin);
    byte[] whole = Files.readAllBytes(idx);
    BlockChecksums checksums = BlockChecksums.compute(idx, 16);
    Path sidecar = directory.resolve("a.crc");
    checksums.write(sidecar);
    int refused = 0;
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(idx, flipped);
      try (Shard shard = Shard.openIndexed(bin, 4, 5, BlockChecksums.read(sidecar, idx))) {
        assertDocuments(documents, shard);
      } catch (Refusal refusal) {
        assertTrue(refusal.detail().contains("a.idx"), refusal.detail());
        refused++;
      }
    }
    // Lengths of sequences are not read: offsets say the same.
    assertTrue(refused >= 8 * (whole.length - 4 * documents.size()), refused + " refused");
  }

  @Test
  void documentsAreFoundHoweverUnevenTheyAre() throws IOException {
    for (int seed = 0; seed < 30; seed++) {
      var random = new SplittableRandom(seed);
      var documents = new ArrayList<int[]>();
      for (int i = random.nextInt(1, 200); i > 0; i--)
        documents.add(new int[random.nextInt(20) == 0 ? random.nextInt(3_000) : random.nextInt(3)]);
      documents.add(new int[1]);
      Path bin = directory.resolve(seed + ".bin");
      write(bin, 300, documents);
      try (Shard shard = Shard.open(bin)) {
        assertDocuments(documents, shard);
      }
    }
  }

  private static void openBroken(String sample) {
    Shard.open(Samples.folder("broken/megatron_" + sample).resolve("x.bin")).close();
  }

  static void write(Path bin, int vocabularySize, List<int[]> documents) throws IOException {
    try (var writer = new ShardWriter(bin, vocabularySize)) {
      for (int[] document : documents) writer.append(document);
      writer.finish();
    }
  }

  private static void assertDocuments(List<int[]> documents, Shard shard) {
    assertEquals(documents.size(), shard.documentCount());
    for (int k = 0; k < documents.size(); k++) {
      long start = shard.documentStart(k);
      var found = new int[Math.toIntExact(shard.documentStart(k + 1L) - start)];
      for (int i = 0; i < found.length; i++) {
        found[i] = shard.type().get(shard.tokens(), start + i);
        assertEquals(k, shard.documentAt(start + i));
      }
      assertArrayEquals(documents.get(k), found, "document " + k);
    }
    assertEquals(shard.tokenCount(), shard.documentStart(documents.size()));
  }
}
