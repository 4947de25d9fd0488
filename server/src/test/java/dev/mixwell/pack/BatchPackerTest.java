package dev.mixwell.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixwell.api.ProvenanceAnswer;
import dev.mixwell.base.Json;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.group.NaiveStream;
import dev.mixwell.group.NaiveStream.Token;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchPackerTest {
  private static final List<String> TAGS = List.of("a", "b", "c");
  private static final double SHARE = 0.2;
  private static final BatchFacts FACTS =
      new BatchFacts("run", 1, 7, 0, TAGS, "odm-1", "train", new double[] {0.5, 0.25, 1});

  @TempDir Path folder;

  @Test
  void rowsBoundariesAndProvenanceAreThoseOfTheNaiveStream() {
    try (var proof = new Proof("packed-rows", 12, 600)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> assertLikeNaive(seed));
    }
  }

  private void assertLikeNaive(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    int[][] vocabularies = {{500}, {100_000}, {500, 100_000, 500}}; // narrow, wide, mixed
    int[] sizes = vocabularies[seed % 3];
    int rowTokens = random.nextInt(1, 80);
    var index =
        new TestIndex(folder.resolve("naive" + seed), TestIndex.random(random, 3, 40, 500), sizes)
            .write();
    try (Dataset dataset = index.open()) {
      var groups = groups(dataset, rowTokens);
      var packer = new BatchPacker(dataset, groups);
      for (int batch = 0; batch < 20; batch++) {
        int rows = random.nextInt(1, 10);
        int[] groupIndexes = random.ints(rows, 0, 3).toArray();
        long[] positions = random.longs(rows, 0, 1_000).toArray();
        var expected = new ArrayList<List<Token>>();
        for (int i = 0; i < rows; i++)
          expected.add(naiveRow(index, groups.get(groupIndexes[i]), positions[i]));
        try (PackedBatch packed =
            packer.pack(groupIndexes, positions, FACTS, BodyFormat.SAFETENSORS)) {
          var read = SafetensorsReader.read(packed);
          assertEquals(sizes[sizes.length / 2] > 65_536 ? "I32" : "U16", read.dtype("tokens"));
          assertArrayEquals(
              expected.stream().flatMap(List::stream).mapToInt(Token::value).toArray(),
              read.values("tokens"));
          assertArrayEquals(groupIndexes, read.values("groups"));
          assertArrayEquals(naiveBoundaries(expected, rowTokens), read.values("cu_seqlens"));
        }
        assertProvenance(expected, packer.provenance(groupIndexes, positions));
      }
    }
  }

  private static List<Token> naiveRow(TestIndex index, GroupRows group, long position) {
    int first = (int) group.ordinal(position) * group.rowTokens();
    return NaiveStream.of(index, group.group().name(), SHARE, false)
        .subList(first, first + group.rowTokens() + 1);
  }

  private static int[] naiveBoundaries(List<List<Token>> rows, int rowTokens) {
    var boundaries = new ArrayList<Integer>();
    for (int row = 0; row < rows.size(); row++)
      for (int input = 0; input < rowTokens; input++)
        if (input == 0 || rows.get(row).get(input).begins())
          boundaries.add(row * rowTokens + input);
    boundaries.add(rows.size() * rowTokens);
    return boundaries.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void assertProvenance(
      List<List<Token>> expected, List<ProvenanceAnswer.Row> rows) {
    for (int row = 0; row < expected.size(); row++) {
      var traced = new ArrayList<String>();
      for (var piece : rows.get(row).pieces())
        for (int i = 0; i < piece.lengthTokens(); i++)
          traced.add(piece.document() + " " + (piece.documentOffsetTokens() + i));
      assertEquals(
          expected.get(row).stream().map(t -> t.document() + " " + t.offset()).toList(), traced);
    }
  }

  @Test
  void heldOutRowsAreTheStreamsFirstInOrder() throws IOException {
    var index = index("heldout");
    try (Dataset dataset = index.open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 16));
      var expected = new ArrayList<Integer>();
      var stream = NaiveStream.of(index, "b", SHARE, true);
      for (int row = 1; row < 4; row++)
        for (int t = 0; t <= 16; t++) expected.add(stream.get(row * 16 + t).value());
      try (PackedBatch packed = packer.packHeldOut("run", 1, 1, 3, BodyFormat.SAFETENSORS)) {
        var read = SafetensorsReader.read(packed);
        assertArrayEquals(
            expected.stream().mapToInt(Integer::intValue).toArray(), read.values("tokens"));
        assertEquals(
            "{run=run, groups=[\"a\",\"b\",\"c\"], split=validation, from=1}",
            read.metadata().toString());
      }
      long all = groups(dataset, 16).get(1).heldOutRows();
      for (long[] range :
          new long[][] {{-1, 1}, {0, 0}, {0, all + 1}, {all, 1}, {Long.MAX_VALUE, 5}}) {
        var refusal =
            assertThrows(
                Refusal.class,
                () ->
                    packer.packHeldOut(
                        "run", 1, range[0], (int) range[1], BodyFormat.OCTET_STREAM));
        assertEquals(ProblemType.NOT_FOUND, refusal.type());
      }
    }
  }

  @Test
  void everyFormatHoldsTheSameTokens() throws IOException {
    try (Dataset dataset = index("formats").open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 8));
      int[] groupIndexes = {2, 0, 1};
      long[] positions = {3, 1, 4};
      try (var tensors = packer.pack(groupIndexes, positions, FACTS, BodyFormat.SAFETENSORS);
          var octets = packer.pack(groupIndexes, positions, FACTS, BodyFormat.OCTET_STREAM);
          var json = packer.pack(groupIndexes, positions, FACTS, BodyFormat.JSON)) {
        var read = SafetensorsReader.read(tensors);
        assertArrayEquals(read.bytes("tokens"), bytes(octets));
        var tree = Json.tree(bytes(json));
        assertEquals(Json.toTree(read.metadata()), tree.get("metadata"));
        assertArrayEquals(read.values("groups"), Json.convert(tree.get("groups"), int[].class));
        assertArrayEquals(
            read.values("cu_seqlens"), Json.convert(tree.get("cu_seqlens"), int[].class));
        int[][] rows = Json.convert(tree.get("tokens"), int[][].class);
        assertArrayEquals(
            read.values("tokens"), Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
      }
    }
  }

  @Test
  void theSameRowsAndFactsAreTheSameBytesInAnotherServer() throws IOException {
    var index = index("again");
    int[] groupIndexes = {0, 1, 2, 0};
    long[] positions = {0, 1, 99, 3};
    for (BodyFormat format : BodyFormat.values()) {
      var bodies = new ArrayList<byte[]>();
      var tags = new ArrayList<String>();
      for (int server = 0; server < 2; server++)
        try (Dataset dataset = index.open()) {
          var packer = new BatchPacker(dataset, groups(dataset, 24));
          for (int pull = 0; pull < 3; pull++)
            try (PackedBatch packed = packer.pack(groupIndexes, positions, FACTS, format)) {
              bodies.add(bytes(packed));
              tags.add(packed.etag());
            }
        }
      for (byte[] body : bodies) assertArrayEquals(bodies.getFirst(), body);
      assertEquals(1, tags.stream().distinct().count());
    }
  }

  @Test
  void otherRowsFactsOrFormatsHaveOtherTags() throws IOException {
    try (Dataset dataset = index("tags").open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 24));
      var laterStep = new BatchFacts("run", 1, 8, 0, TAGS, "odm-1", "train", null);
      var tags = new ArrayList<String>();
      for (BodyFormat format : BodyFormat.values())
        tags.add(tag(packer.pack(new int[] {0}, new long[] {0}, FACTS, format)));
      tags.add(tag(packer.pack(new int[] {1}, new long[] {0}, FACTS, BodyFormat.OCTET_STREAM)));
      tags.add(tag(packer.pack(new int[] {0}, new long[] {1}, FACTS, BodyFormat.OCTET_STREAM)));
      tags.add(tag(packer.pack(new int[] {0}, new long[] {0}, laterStep, BodyFormat.SAFETENSORS)));
      tags.add(
          tag(
              new BatchPacker(dataset, groups(dataset, 25))
                  .pack(new int[] {0}, new long[] {0}, FACTS, BodyFormat.OCTET_STREAM)));
      assertEquals(tags.size(), tags.stream().distinct().count());
    }
  }

  /** A body in the hands of a sender keeps its bytes while others are packed and closed. */
  @Test
  void pooledBodiesDoNotShareBytes() throws IOException {
    try (Dataset dataset = index("pool").open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 24));
      try (PackedBatch held =
          packer.pack(new int[] {0, 1}, new long[] {0, 1}, FACTS, BodyFormat.SAFETENSORS)) {
        byte[] before = bytes(held);
        for (int i = 0; i < 100; i++)
          packer
              .pack(new int[] {2, 2}, new long[] {i, i + 1}, FACTS, BodyFormat.SAFETENSORS)
              .close();
        assertArrayEquals(before, bytes(held));
      }
    }
  }

  @Test
  void aFlippedBitIsRefusedAndNeverServed() {
    try (var proof = new Proof("damaged-shard", 20, 2_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> assertFlipIsFound(seed));
    }
  }

  private void assertFlipIsFound(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    var index = index("flip" + seed);
    int[] groupIndexes = {0, 1, 2};
    long[] positions = {random.nextLong(100), random.nextLong(100), random.nextLong(100)};
    byte[] whole;
    try (Dataset dataset = index.open()) {
      whole =
          bytesOf(
              new BatchPacker(dataset, groups(dataset, 24))
                  .pack(groupIndexes, positions, FACTS, BodyFormat.OCTET_STREAM));
    }
    try (Dataset dataset = index.open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 24));
      flipOneBit(index.binOf(random.nextInt(3)), random);
      byte[] served = null;
      try {
        served = bytesOf(packer.pack(groupIndexes, positions, FACTS, BodyFormat.OCTET_STREAM));
      } catch (Refusal refusal) {
        assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
      }
      if (served != null)
        assertArrayEquals(whole, served); // the flip lay in a block that these rows do not touch
    }
  }

  private static void flipOneBit(Path file, SplittableRandom random) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = random.nextLong(bytes.length());
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1 << random.nextInt(8));
    }
  }

  @Test
  void aShardThatWasCutIsRefused() throws IOException {
    var index = index("cut");
    try (Dataset dataset = index.open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 24));
      packer.pack(new int[] {0}, new long[] {0}, FACTS, BodyFormat.OCTET_STREAM).close();
      for (int shard = 0; shard < 3; shard++)
        try (var bytes = new RandomAccessFile(index.binOf(shard).toFile(), "rw")) {
          bytes.setLength(bytes.length() - 1);
        }
      var refusal =
          assertThrows(
              Refusal.class,
              () -> packer.pack(new int[] {0}, new long[] {0}, FACTS, BodyFormat.OCTET_STREAM));
      assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
    }
  }

  @Test
  void aBodyAboveTheLimitIsRefusedBeforeItIsAllocated() throws IOException {
    try (Dataset dataset = index("large").open()) {
      var packer = new BatchPacker(dataset, groups(dataset, 100));
      int rows = BatchPacker.MAX_BODY_BYTES / 200;
      var refusal =
          assertThrows(
              Refusal.class,
              () -> packer.pack(new int[rows], new long[rows], FACTS, BodyFormat.OCTET_STREAM));
      assertEquals(ProblemType.INVALID_RUN, refusal.type());
    }
  }

  @Test
  void lossWeightsAreInTheMetadataOnlyWhereThereAreSome() {
    assertEquals("[0.5,0.25,1.0]", FACTS.metadata().get("lossWeights"));
    assertFalse(
        new BatchFacts("r", 0, 0, 0, TAGS, "m", "train", null)
            .metadata()
            .containsKey("lossWeights"));
    assertNotEquals(
        FACTS.metadata(), new BatchFacts("run", 1, 7, 1, TAGS, "odm-1", "train", null).metadata());
  }

  private TestIndex index(String name) throws IOException {
    return new TestIndex(
            folder.resolve(name), TestIndex.random(new SplittableRandom(21), 3, 60, 500), 500)
        .write();
  }

  private static List<GroupRows> groups(Dataset dataset, int rowTokens) {
    var resolver = new GroupResolver(dataset);
    var groups = new ArrayList<GroupRows>();
    for (String tag : TAGS)
      groups.add(
          new GroupRows(resolver.resolve(tag, "tag:" + tag, SHARE), groups.size(), 3, rowTokens));
    return groups;
  }

  private static byte[] bytes(PackedBatch packed) {
    return Arrays.copyOfRange(packed.array(), packed.offset(), packed.offset() + packed.length());
  }

  private static byte[] bytesOf(PackedBatch packed) {
    try (packed) {
      return bytes(packed);
    }
  }

  private static String tag(PackedBatch packed) {
    try (packed) {
      return packed.etag();
    }
  }
}
