package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.opened.TestIndex.Document;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupResolverTest {
  @TempDir Path folder;

  @Test
  void trainingAndHeldOutAreTheGroupsTokensEachOnce() {
    try (var proof = new Proof("held-out-disjoint", 4, 200)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              var random = new SplittableRandom(seed);
              var index = write("split" + seed, TestIndex.random(random, 3, 40, 500));
              double share = random.nextDouble();
              try (Dataset dataset = index.open()) {
                for (String tag : List.of("a", "b", "c"))
                  assertSplit(
                      index,
                      dataset,
                      new GroupResolver(dataset).resolve(tag, "tag:" + tag, share),
                      share);
              }
            });
    }
  }

  private static void assertSplit(
      TestIndex index, Dataset dataset, ResolvedGroup group, double share) {
    assertEquals(
        values(NaiveStream.of(index, group.name(), share, false)),
        values(dataset, group.training()));
    assertEquals(
        values(NaiveStream.of(index, group.name(), share, true)), values(dataset, group.heldOut()));
    for (int s = 0; s < dataset.shards().size(); s++)
      assertTrue(!tokens(group.training(), s).intersects(tokens(group.heldOut(), s)));
    long documents =
        index.shards().stream()
            .flatMap(List::stream)
            .filter(d -> d.tags().contains(group.name()))
            .count();
    assertEquals(documents, group.documents());
  }

  @Test
  void moreIsHeldOutUnderALargerShareAndNothingUnderNone() throws IOException {
    var index = write("shares", TestIndex.random(new SplittableRandom(5), 2, 60, 500));
    try (Dataset dataset = index.open()) {
      var resolver = new GroupResolver(dataset);
      var none = resolver.resolve("all", "*:*", 0);
      var some = resolver.resolve("all", "*:*", 0.2);
      var more = resolver.resolve("all", "*:*", 0.5);
      assertEquals(0, none.heldOut().tokens());
      assertEquals(none.tokens(), more.tokens());
      for (int s = 0; s < 2; s++) {
        var kept = tokens(some.heldOut(), s);
        kept.andNot(tokens(more.heldOut(), s));
        assertTrue(kept.isEmpty());
      }
      assertTrue(some.heldOut().documents() < more.heldOut().documents());
    }
  }

  @Test
  void aShardThatIsOneDocumentIsHeldOutInPieces() throws IOException {
    int size = 64 * GroupResolver.PSEUDO_DOCUMENT_TOKENS + 17;
    var whole = new Document(new int[size], "book", List.of("a"));
    var index = write("pieces", List.of(List.of(whole)));
    try (Dataset dataset = index.open()) {
      var group = new GroupResolver(dataset).resolve("a", "tag:a", 0.5);
      assertEquals(size, group.tokens());
      assertEquals(1, group.documents());
      assertEquals(1, group.heldOut().documents());
      assertEquals(0.5, (double) group.heldOut().tokens() / size, 0.25);
      var cursor = group.heldOut().cursor();
      while (cursor.next()) assertEquals(0, cursor.start() % GroupResolver.PSEUDO_DOCUMENT_TOKENS);
    }
  }

  @Test
  void aRefusalForTooFewHeldOutRowsNamesAShareThatIsEnough() throws IOException {
    var index = write("few", TestIndex.random(new SplittableRandom(6), 2, 200, 500));
    try (Dataset dataset = index.open()) {
      var resolver = new GroupResolver(dataset);
      var group = resolver.resolve("b", "tag:b", 0.01);
      var refusal = assertThrows(Refusal.class, () -> resolver.requireHeldOut(group, 32, 20));
      assertEquals(ProblemType.TOO_FEW_HELD_OUT, refusal.type());
      assertEquals("b", refusal.facts().get("group"));
      double share = (double) refusal.facts().get("shareNeeded");
      resolver.requireHeldOut(resolver.resolve("b", "tag:b", share), 32, 20);
      assertThrows(
          Refusal.class,
          () -> resolver.requireHeldOut(resolver.resolve("b", "tag:b", share - 0x1p-16), 32, 20));
      var never = assertThrows(Refusal.class, () -> resolver.requireHeldOut(group, 32, 1 << 20));
      assertEquals(1.0, never.facts().get("shareNeeded"));
    }
  }

  @Test
  void aQueryThatFindsNothingIsRefusedForItsGroup() throws IOException {
    var index = write("nothing", TestIndex.random(new SplittableRandom(7), 1, 10, 500));
    try (Dataset dataset = index.open()) {
      for (String query : List.of("tag:zebra", "tag:(", "colour:red")) {
        var refusal =
            assertThrows(Refusal.class, () -> new GroupResolver(dataset).resolve("g", query, 0.1));
        assertEquals(ProblemType.INVALID_QUERY, refusal.type());
        assertEquals("g", refusal.facts().get("group"));
      }
    }
  }

  @Test
  void overlapsCountTheDocumentsThatTwoGroupsShare() {
    try (var proof = new Proof("overlaps", 4, 200)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              var random = new SplittableRandom(seed);
              var index = write("overlaps" + seed, TestIndex.random(random, 3, 40, 500));
              try (Dataset dataset = index.open()) {
                var resolver = new GroupResolver(dataset);
                var groups = new ArrayList<ResolvedGroup>();
                for (String tag : List.of("a", "b", "c"))
                  groups.add(resolver.resolve(tag, "tag:" + tag, 0.3));
                assertEquals(naiveOverlaps(index), resolver.overlaps(groups));
              }
            });
    }
  }

  private static List<GroupOverlap> naiveOverlaps(TestIndex index) {
    var overlaps = new ArrayList<GroupOverlap>();
    for (String pair : List.of("ab", "ac", "bc")) {
      var tags = List.of(pair.substring(0, 1), pair.substring(1));
      List<Document> both =
          index.shards().stream()
              .flatMap(List::stream)
              .filter(d -> d.tokens().length > 0 && d.tags().containsAll(tags))
              .toList();
      long tokens = both.stream().mapToLong(d -> d.tokens().length).sum();
      if (!both.isEmpty())
        overlaps.add(new GroupOverlap(tags.get(0), tags.get(1), both.size(), tokens));
    }
    return overlaps;
  }

  private TestIndex write(String name, List<List<Document>> shards) throws IOException {
    return new TestIndex(folder.resolve(name), shards, 500).write();
  }

  private static List<Integer> values(List<NaiveStream.Token> tokens) {
    return tokens.stream().map(NaiveStream.Token::value).toList();
  }

  private static List<Integer> values(Dataset dataset, Extents extents) {
    var values = new ArrayList<Integer>();
    var cursor = extents.cursor();
    while (cursor.next()) {
      int[] ids =
          dataset.shards().get(cursor.shard()).ids(cursor.start(), (int) cursor.lengthTokens());
      for (int id : ids) values.add(id);
    }
    return values;
  }

  private static BitSet tokens(Extents extents, int shard) {
    var tokens = new BitSet();
    var cursor = extents.cursor();
    while (cursor.next())
      if (cursor.shard() == shard) tokens.set((int) cursor.start(), (int) cursor.end());
    return tokens;
  }
}
