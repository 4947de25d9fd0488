package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Manifest;
import dev.mixwell.catalog.Sha256;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.shard.BlockChecksums;
import dev.mixwell.shard.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  private static final int DOCUMENTS = 2_000;

  @TempDir Path directory;
  private TestIndex index;
  private List<Long> starts;

  @BeforeEach
  void write() throws IOException {
    var documents = TestIndex.random(new SplittableRandom(4), 2, DOCUMENTS, 500);
    index = new TestIndex(directory, documents, 500).write();
    try (Dataset dataset = index.open()) {
      starts = starts(dataset);
    }
  }

  @Test
  void aChangedBoundaryIsRefusedBeforeItIsUsed() throws IOException {
    Path idx = Shard.indexPath(index.binOf(1));
    byte[] whole = Files.readAllBytes(idx);
    int lengthsEnd = 34 + 4 * DOCUMENTS; // nothing reads the lengths before: offsets say the same
    for (int seed = 0; seed < 200; seed++) {
      byte[] changed = whole.clone();
      int at = new SplittableRandom(seed).nextInt(lengthsEnd, whole.length);
      changed[at] ^= (byte) (1 << seed % 8);
      Files.write(idx, changed);
      try (Dataset dataset = index.open()) {
        var refusal = assertThrows(Refusal.class, () -> starts(dataset), "seed " + seed);
        assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
        assertTrue(refusal.detail().contains(idx.toString()), refusal.detail());
      }
    }
  }

  @Test
  void anIndexWithoutChecksumsOfBoundariesIsReadToItsEnd() throws IOException {
    Path idx = Shard.indexPath(index.binOf(1));
    writeLikeTheFirst();
    try (Dataset dataset = index.open()) {
      assertEquals(starts, starts(dataset));
    }
    byte[] changed = Files.readAllBytes(idx);
    changed[changed.length / 2] ^= 1;
    Files.write(idx, changed);
    var refusal = assertThrows(Refusal.class, () -> index.open().close());
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
    assertTrue(refusal.detail().contains(idx.toString()), refusal.detail());
  }

  private static List<Long> starts(Dataset dataset) {
    var starts = new ArrayList<Long>();
    for (VerifiedShard s : dataset.shards())
      for (long d = 0; d <= s.shard().documentCount(); d++) starts.add(s.shard().documentStart(d));
    return starts;
  }

  private void writeLikeTheFirst() throws IOException {
    Manifest m = Manifest.read(directory);
    var shards = new ArrayList<ShardEntry>();
    for (ShardEntry s : m.shards()) {
      Path sidecar = directory.resolve(s.checksumsFile());
      Files.delete(sidecar);
      BlockChecksums.compute(directory.resolve(s.file()), TestIndex.BLOCK_BYTES).write(sidecar);
      shards.add(
          new ShardEntry(
              s.file(),
              s.tokens(),
              s.documents(),
              s.lengthBytes(),
              s.sha256(),
              s.indexFile(),
              s.indexLengthBytes(),
              s.indexSha256(),
              s.checksumsFile(),
              Sha256.of(sidecar)));
    }
    Files.delete(directory.resolve(Manifest.FILE));
    Files.delete(directory.resolve(Manifest.FILE + ".sha256"));
    new Manifest(
            m.version(),
            m.tokenizer(),
            m.type(),
            m.blockBytes(),
            shards,
            m.documents(),
            m.tokens(),
            m.textBytes(),
            m.catalogSha256(),
            m.keysSha256())
        .write(directory);
  }
}
