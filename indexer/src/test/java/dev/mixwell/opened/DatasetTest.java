package dev.mixwell.opened;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardWriter;
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

  @BeforeEach
  void write() throws IOException {
    var documents = TestIndex.random(new SplittableRandom(4), 2, DOCUMENTS, 500);
    index = new TestIndex(directory, documents, 500).write();
  }

  @Test
  void aChangedBoundaryIsRefusedBeforeItIsUsed() throws IOException {
    Path table = ShardWriter.tablePath(index.binOf(1));
    byte[] whole = Files.readAllBytes(table);
    for (int seed = 0; seed < 200; seed++) {
      byte[] changed = whole.clone();
      changed[new SplittableRandom(seed).nextInt(whole.length)] ^= (byte) (1 << seed % 8);
      Files.write(table, changed);
      var refusal = assertThrows(Refusal.class, this::openedStarts, "seed " + seed);
      assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
      assertTrue(refusal.detail().contains(table.toString()), refusal.detail());
    }
  }

  private List<Long> openedStarts() {
    try (Dataset dataset = index.open()) {
      return starts(dataset);
    }
  }

  private static List<Long> starts(Dataset dataset) {
    var starts = new ArrayList<Long>();
    for (Shard s : dataset.shards())
      for (long d = 0; d <= s.documentCount(); d++) starts.add(s.documentStart(d));
    return starts;
  }
}
