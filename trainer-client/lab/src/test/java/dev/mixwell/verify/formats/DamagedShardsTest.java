package dev.mixwell.verify.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.opened.Dataset;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import dev.mixwell.proof.Proof;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 8 for shards that were adopted: whatever becomes of them is refused at the pull. */
class DamagedShardsTest {
  private static final int ROW_TOKENS = 29;
  private static final long CACHE_BYTES = 1 << 20;

  /** A newer file than the index would be warned of. */
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  private static final BatchFacts FACTS =
      new BatchFacts("run", 0, 0, 0, List.of("all"), "static", null, null);

  /** A case in an index of its own, and the body that it gives while it is whole. */
  private record Adopted(Path index, byte[] body) {}

  @TempDir Path folder;
  private final List<Adopted> all = new ArrayList<>();
  private int openings;

  @BeforeEach
  void adoptEachCase() throws Exception {
    for (FormatCase sample : AdoptedSamples.copied(folder.resolve("data"))) {
      Path index = folder.resolve("index-" + all.size());
      AdoptedSamples.adopt(List.of(sample), index);
      all.add(new Adopted(index, whole(index, sample)));
    }
    assertTrue(all.size() > 70, "cases: " + all.size());
  }

  private byte[] whole(Path index, FormatCase sample) throws IOException {
    try {
      return pull(index);
    } catch (Refusal tooSmall) {
      throw new AssertionError(
          "the sample %s cannot be served in a row: give it %d ids or more"
              .formatted(sample.folder(), ROW_TOKENS + 1),
          tooSmall);
    }
  }

  @Test
  void anyFlippedBitIsRefusedAtThePull() {
    try (var proof = new Proof("shard-bit-flips", 1_000, 100_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> flipIsFound(seed));
    }
  }

  @Test
  void anyTruncationIsRefusedAtThePull() {
    try (var proof = new Proof("shard-truncations", 200, 10_000)) {
      for (int seed : proof.seeds()) proof.check("seed " + seed, () -> cutIsFound(seed));
    }
  }

  private void flipIsFound(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    Adopted adopted = all.get(random.nextInt(all.size()));
    Path file = anyFile(adopted.index, random);
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, changed);
    Files.setLastModifiedTime(file, LONG_AGO);
    try {
      requireRefusal(adopted.index, file);
    } finally {
      Files.write(file, whole);
      Files.setLastModifiedTime(file, LONG_AGO);
    }
  }

  /** Before the server opens the shard, or under its mapping. */
  private void cutIsFound(int seed) throws IOException {
    var random = new SplittableRandom(seed);
    Adopted adopted = all.get(random.nextInt(all.size()));
    Path file = anyFile(adopted.index, random);
    byte[] whole = Files.readAllBytes(file);
    int length = random.nextInt(whole.length);
    try {
      if (random.nextBoolean()) {
        Files.write(file, Arrays.copyOf(whole, length));
        Files.setLastModifiedTime(file, LONG_AGO);
        requireRefusal(adopted.index, file);
      } else cutWhileOpen(adopted, file, length);
    } finally {
      Files.write(file, whole);
      Files.setLastModifiedTime(file, LONG_AGO);
    }
  }

  private void cutWhileOpen(Adopted adopted, Path file, int length) throws IOException {
    if (file.toString().endsWith(".crc")) return; // read when the index is opened, and no more
    try (ShardStore store = store();
        Dataset dataset = Dataset.open(adopted.index, store)) {
      GroupRows rows = rows(dataset);
      var packer = new BatchPacker(dataset, List.of(rows));
      try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(length);
      }
      pack(packer, rows);
      fail(file + " was served");
    } catch (Refusal refusal) {
      assertNames(refusal, file);
    }
  }

  /** The file is cut while it is being read: refused or served right, and nobody dies of it. */
  @Test
  void aFileThatIsCutWhileItIsReadIsRefusedOrServedRight() throws Exception {
    Path data = Files.createDirectories(folder.resolve("large"));
    byte[] tokens = new byte[8 << 20];
    new SplittableRandom(3).nextBytes(tokens);
    for (int i = 1; i < tokens.length; i += 2) tokens[i] &= 0x3F;
    Files.write(data.resolve("train.bin"), tokens);
    Files.writeString(
        data.resolve("expected.json"),
        "{\"format\":\"nanogpt\",\"dtype\":\"uint16\",\"vocab_size\":16384,\"eos_id\":5,\"file\":\"train.bin\"}");
    Path index = folder.resolve("large-index");
    AdoptedSamples.adopt(List.of(FormatCase.read(data)), index);
    Path file = data.resolve("train.bin");
    for (int round = 0; round < 20; round++) {
      int length = new SplittableRandom(round).nextInt(tokens.length);
      try (ShardStore store = store();
          Dataset dataset = Dataset.open(index, store)) {
        GroupRows rows = rows(dataset);
        var packer = new BatchPacker(dataset, List.of(rows));
        Thread cutter =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
                        cut.setLength(length);
                      } catch (IOException e) {
                        throw new IllegalStateException(e);
                      }
                    });
        try {
          while (true) pack(packer, rows);
        } catch (Refusal refusal) {
          assertNames(refusal, file);
        }
        cutter.join();
      }
      Files.write(file, tokens);
    }
  }

  /** Decompressed shards lie in the cache; one that is damaged there is made again. */
  @Test
  void aDamagedFileOfTheCacheIsMadeAgain() throws IOException {
    int damaged = 0;
    for (Adopted adopted : all) {
      Path cache = folder.resolve("cache-" + openings++);
      assertArrayEquals(adopted.body, pull(adopted.index, cache));
      List<Path> files;
      try (var list = Files.list(cache)) {
        files = list.toList();
      }
      for (Path file : files) {
        byte[] whole = Files.readAllBytes(file);
        whole[whole.length / 2] ^= 4;
        Files.write(file, whole);
        damaged++;
      }
      assertArrayEquals(adopted.body, pull(adopted.index, cache));
    }
    assertTrue(damaged > 10, "damaged: " + damaged);
  }

  private void requireRefusal(Path index, Path file) throws IOException {
    try {
      pull(index);
    } catch (Refusal refusal) {
      assertNames(refusal, file);
      return;
    }
    fail(
        file
            + " was served: does no document of the sample lie in it? Give each file one, with ids");
  }

  private static void assertNames(Refusal refusal, Path file) {
    assertEquals(ProblemType.SHARD_DAMAGED, refusal.type(), refusal.detail());
    String name = String.valueOf(file.getFileName());
    assertTrue(refusal.detail().contains(name), name + ": " + refusal.detail());
  }

  /** One of those that serving reads. */
  private static Path anyFile(Path index, SplittableRandom random) {
    List<ShardEntry> shards = Manifest.read(index).shards();
    ShardEntry shard = shards.get(random.nextInt(shards.size()));
    List<Path> files =
        shard.files(index).stream().filter(f -> !f.toString().endsWith(".idx")).toList();
    // The tokens as often as all the rest.
    return files.get(random.nextBoolean() ? 0 : random.nextInt(files.size()));
  }

  private byte[] pull(Path index) throws IOException {
    return pull(index, folder.resolve("cache-" + openings++));
  }

  private static byte[] pull(Path index, Path cache) throws IOException {
    try (ShardStore store = ShardStore.caching(cache, CACHE_BYTES);
        Dataset dataset = Dataset.open(index, store)) {
      GroupRows rows = rows(dataset);
      return pack(new BatchPacker(dataset, List.of(rows)), rows);
    }
  }

  private ShardStore store() {
    return ShardStore.caching(folder.resolve("cache-" + openings++), CACHE_BYTES);
  }

  private static GroupRows rows(Dataset dataset) {
    var group = new GroupResolver(dataset).resolve("all", "*:*", 0);
    return new GroupRows(group, 0, 5, ROW_TOKENS);
  }

  /** All rows of an epoch, and so every shard; of a long one, some. */
  private static byte[] pack(BatchPacker packer, GroupRows rows) {
    int count = (int) Math.min(rows.rows(), 4_000);
    int[] places = new int[count];
    long[] positions = IntStream.range(0, count).mapToLong(i -> i).toArray();
    try (PackedBatch body = packer.pack(places, positions, FACTS, BodyFormat.SAFETENSORS)) {
      return Arrays.copyOfRange(body.array(), body.offset(), body.offset() + body.length());
    }
  }
}
