package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.proof.Proof;
import dev.mixwell.shard.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedRowsTest {
  @TempDir Path folder;

  @Test
  void everyTokenIsPredictedOnceAndShortDocumentsStayWhole() {
    try (var proof = new Proof("packed-documents", 30, 1_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> assertPacked(seed));
    }
  }

  private void assertPacked(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    int rowTokens = random.nextInt(1, 90);
    Path dir = folder.resolve("index-" + seed);
    var index = new TestIndex(dir, TestIndex.random(random, 3, 60, 500), 500).write();
    try (Dataset dataset = index.open()) {
      var group = new GroupResolver(dataset).resolve("a", "tag:a", 0.1);
      PackedRows packed = written(dataset, group, rowTokens, dir.resolve("a.rows"));
      List<List<int[]>> seen = seen(dataset);
      long used = 0;
      for (long row = 0; row < packed.rows(); row++) {
        int[] length = {0};
        packed.pieces(
            row,
            (shard, start, tokens) -> {
              mark(dataset.shards().get(shard), seen.get(shard), start, tokens, rowTokens);
              length[0] += tokens;
            });
        assertTrue(length[0] > 0 && length[0] <= rowTokens + 1, "row of " + length[0]);
        used += length[0];
      }
      assertEquals(packed.rows() * (rowTokens + 1) - used, packed.counts().paddingTokens());
      long truncated = requireSeen(dataset, group, seen, rowTokens);
      assertEquals(truncated, packed.counts().truncatedDocuments());
    }
  }

  private static PackedRows written(
      Dataset dataset, ResolvedGroup group, int rowTokens, Path file) {
    var plan = PackingPlan.write(dataset.shards(), group.training(), rowTokens, file);
    assertEquals(plan.counts(), PackingPlan.counts(dataset.shards(), group.training(), rowTokens));
    return PackedRows.open(file, plan.sha256());
  }

  /** Of each shard and document, how often each of its tokens was a label. */
  private static List<List<int[]>> seen(Dataset dataset) {
    var seen = new ArrayList<List<int[]>>();
    for (Shard shard : dataset.shards()) {
      var documents = new ArrayList<int[]>();
      for (long d = 0; d < shard.documentCount(); d++)
        documents.add(new int[(int) (shard.documentStart(d + 1) - shard.documentStart(d))]);
      seen.add(documents);
    }
    return seen;
  }

  private static void mark(
      Shard shard, List<int[]> documents, long start, int tokens, int rowTokens) {
    int document = (int) shard.documentAt(start);
    int from = (int) (start - shard.documentStart(document));
    int[] labels = documents.get(document);
    assertTrue(from + tokens <= labels.length, "a piece of two documents");
    if (labels.length <= rowTokens + 1) assertEquals(labels.length, tokens, "a short one was cut");
    for (int i = 1; i < tokens; i++) labels[from + i]++;
    if (from == 0) labels[0]++; // the first of a document follows nothing
  }

  /** How many documents of the group are longer than a row. */
  private static long requireSeen(
      Dataset dataset, ResolvedGroup group, List<List<int[]>> seen, int rowTokens) {
    long truncated = 0;
    var extent = group.training().cursor();
    long expected = 0;
    while (extent.next()) {
      List<int[]> documents = seen.get(extent.shard());
      Shard shard = dataset.shards().get(extent.shard());
      long first = shard.documentAt(extent.start());
      for (int d = (int) first; d < documents.size(); d++) {
        if (shard.documentStart(d) >= extent.end()) break;
        int[] labels = documents.get(d);
        var once = new int[labels.length];
        Arrays.fill(once, 1);
        assertArrayEquals(once, labels, "document " + d);
        if (labels.length > rowTokens + 1) truncated++;
        expected += labels.length;
      }
    }
    long all = 0;
    for (List<int[]> documents : seen)
      for (int[] labels : documents) for (int label : labels) all += label;
    assertEquals(expected, all, "nothing of another group");
    return truncated;
  }

  @Test
  void anyFlippedBitOfThePlanIsRefused() throws IOException {
    var index =
        new TestIndex(folder, TestIndex.random(new SplittableRandom(2), 2, 80, 500), 500).write();
    Path file = folder.resolve("a.rows");
    try (Dataset dataset = index.open()) {
      var group = new GroupResolver(dataset).resolve("a", "tag:a", 0);
      var plan = PackingPlan.write(dataset.shards(), group.training(), 40, file);
      for (Path damaged : List.of(file, PackedRows.sidecar(file))) {
        byte[] whole = Files.readAllBytes(damaged);
        for (int bit = 0; bit < whole.length * 8; bit += 7) {
          byte[] changed = whole.clone();
          changed[bit / 8] ^= (byte) (1 << bit % 8);
          Files.write(damaged, changed);
          var refusal =
              assertThrows(Refusal.class, () -> readAll(file, plan.sha256()), "bit " + bit);
          assertEquals(ProblemType.EXTENTS_DAMAGED, refusal.type(), refusal.detail());
          assertTrue(refusal.detail().contains("a.rows"), refusal.detail());
        }
        Files.write(damaged, whole);
      }
    }
  }

  private static void readAll(Path file, String sha256) {
    PackedRows rows = PackedRows.open(file, sha256);
    for (long row = 0; row < rows.rows(); row++) rows.pieces(row, (_, _, _) -> {});
  }
}
