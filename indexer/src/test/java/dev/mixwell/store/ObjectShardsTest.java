package dev.mixwell.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.adopt.AdoptSpec;
import dev.mixwell.adopt.Adoption;
import dev.mixwell.adopt.AdoptionProgress;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.compress.Compression;
import dev.mixwell.format.Stated;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.manifest.TokenizerInfo;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import dev.mixwell.proof.ObjectServer;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.ShardWriter;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards behind a real S3 server, adopted and read through the cache. */
class ObjectShardsTest {
  private static final int VOCABULARY = 50_000;
  private static final int PART = RangedObject.PART_BYTES;
  private static final int PARTS = 6;
  private static final int TOKENS = PARTS * PART / Short.BYTES - 1_000;

  @TempDir static Path directory;
  private static Path bucket;
  private static ObjectServer server;
  private static ObjectStore.Access access;

  private Path index;
  private ShardEntry entry;
  @TempDir Path own;

  @BeforeAll
  static void start() throws IOException {
    bucket = Files.createDirectories(directory.resolve("store/bucket"));
    server = new ObjectServer(directory.resolve("store"));
    access = new ObjectStore.Access(server.endpoint(), "us-east-1");
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  @BeforeEach
  void adopt() throws Exception {
    Path folder = Files.createDirectories(bucket.resolve("corpus"));
    for (String old : List.of("text.bin", "text.idx", "text.docs"))
      Files.deleteIfExists(folder.resolve(old));
    var random = new SplittableRandom(5);
    try (var writer = new ShardWriter(folder.resolve("text.bin"), VOCABULARY)) {
      for (int left = TOKENS; left > 0; ) {
        int length = Math.min(left, 1 + random.nextInt(5_000));
        writer.append(random.ints(length, 0, VOCABULARY).toArray());
        left -= length;
      }
      writer.finish();
    }
    index = own.resolve("index");
    entry = adopt("s3://bucket/corpus/text", index).shards().getFirst();
  }

  private static Manifest adopt(String place, Path output) throws Exception {
    var stated = new Stated(null, null, true, null, null, "id", null, null);
    return Adoption.run(
        new AdoptSpec(
            List.of(new AdoptSpec.Input(place, stated)),
            output,
            new TokenizerInfo("stated", VOCABULARY, null),
            null,
            1L << 30,
            1,
            false,
            false,
            access),
        new AdoptionProgress() {});
  }

  private ShardStore store(Path cache, long maxBytes) {
    return ShardStore.caching(cache, maxBytes, access);
  }

  @Test
  void anObjectIsAdoptedAsTheSameFileHere() throws Exception {
    ShardEntry here =
        adopt(bucket.resolve("corpus/text").toString(), own.resolve("here")).shards().getFirst();
    assertEquals("s3://bucket/corpus/text.bin", entry.file().location());
    assertEquals(here.file().sha256(), entry.file().sha256());
    assertEquals(here.table().sha256(), entry.table().sha256());
    assertEquals(here.documents(), entry.documents());
    Manifest whole = adopt("s3://bucket/corpus", own.resolve("prefix"));
    assertEquals(here.file().sha256(), whole.shards().getFirst().file().sha256());
    try (Stream<Path> made = Files.list(index)) {
      assertTrue(made.noneMatch(f -> f.toString().contains("object-")), "copies are left");
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    for (String place : List.of("s3://bucket/none", "s3://nobucket/x", "s3://", "gs://bucket/x")) {
      var refusal = assertThrows(Refusal.class, () -> adopt(place, own.resolve("none")), place);
      assertEquals(ProblemType.BAD_INPUT, refusal.type(), refusal.detail());
      assertTrue(refusal.detail().contains(place), refusal.detail());
    }
  }

  @Test
  void tokensAreThoseOfTheFileAndTheCacheKeepsItsBound() throws Exception {
    Path cache = own.resolve("cache");
    long bound = 3L * PART;
    byte[] expected = Files.readAllBytes(bucket.resolve("corpus/text.bin"));
    try (ShardStore store = store(cache, bound);
        Shard shard = store.open(index, entry)) {
      var random = new SplittableRandom(7);
      for (int i = 0; i < 200; i++) {
        int start = random.nextInt(TOKENS - 3_000);
        assertTokens(expected, shard, start, 3_000);
        assertTrue(bytes(cache) <= bound, "above the bound");
      }
      assertTrue(store.cache().evictions() > 0);
    }
  }

  private static void assertTokens(byte[] expected, Shard shard, int start, int length) {
    byte[] target = new byte[length * Short.BYTES];
    shard.verify(start, length);
    shard.copy(start, length, TokenType.UINT16, target, 0);
    int at = start * Short.BYTES;
    assertArrayEquals(Arrays.copyOfRange(expected, at, at + target.length), target);
  }

  private static long bytes(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList())
        try {
          sum += Files.size(file);
        } catch (NoSuchFileException gone) {
          // evicted or renamed meanwhile
        }
    }
    return sum;
  }

  @Test
  void aChangedObjectIsRefusedAndNeverServed() throws Exception {
    flip(bucket.resolve("corpus/text.bin"), PART + 17);
    try (ShardStore store = store(own.resolve("cache"), 1L << 30);
        Shard shard = store.open(index, entry)) {
      shard.verify(0, 1_000);
      var refusal = assertThrows(Refusal.class, () -> shard.verify(PART / 2, 1_000));
      assertEquals(ProblemType.SHARD_DAMAGED, refusal.type());
      assertTrue(refusal.detail().contains("s3://bucket/corpus/text.bin"), refusal.detail());
      assertEquals(1, store.cache().fills());
    }
  }

  @Test
  void anObjectThatIsGoneOrShorterIsDamaged() throws Exception {
    Path file = bucket.resolve("corpus/text.bin");
    try (ShardStore store = store(own.resolve("cache"), 1L << 30);
        Shard shard = store.open(index, entry)) {
      try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(3L * PART);
      }
      var shorter = assertThrows(Refusal.class, () -> shard.verify(0, 1_000));
      assertEquals(ProblemType.SHARD_DAMAGED, shorter.type(), shorter.detail());
      Files.delete(file);
      var gone = assertThrows(Refusal.class, () -> shard.verify(0, 1_000));
      assertEquals(ProblemType.SHARD_DAMAGED, gone.type(), gone.detail());
      assertTrue(gone.detail().contains("missing"), gone.detail());
    }
  }

  @Test
  void aDamagedCacheFileIsFetchedAgain() throws Exception {
    Path cache = own.resolve("cache");
    byte[] expected = Files.readAllBytes(bucket.resolve("corpus/text.bin"));
    try (ShardStore store = store(cache, 1L << 30);
        Shard shard = store.open(index, entry)) {
      shard.verify(0, 1_000);
    }
    try (Stream<Path> files = Files.list(cache)) {
      flip(files.findFirst().orElseThrow(), 100);
    }
    try (ShardStore store = store(cache, 1L << 30);
        Shard shard = store.open(index, entry)) {
      assertTokens(expected, shard, 0, 1_000);
      assertEquals(1, store.cache().fills());
    }
  }

  @Test
  void whatIsCachedIsServedInAnOutageAndTheRestAfterIt() throws Exception {
    byte[] expected = Files.readAllBytes(bucket.resolve("corpus/text.bin"));
    try (ShardStore store = store(own.resolve("cache"), 1L << 30);
        Shard shard = store.open(index, entry)) {
      assertTokens(expected, shard, 0, 1_000);
      server.stop();
      try {
        var refusal = assertThrows(Refusal.class, () -> shard.verify(PART, 1_000));
        assertEquals(ProblemType.SHARD_UNREACHABLE, refusal.type(), refusal.detail());
        assertTokens(expected, shard, 0, 1_000);
        shard.checkLength();
      } finally {
        server.start();
      }
      until(() -> isThere(shard));
      assertTokens(expected, shard, PART, 1_000);
    }
  }

  private static boolean isThere(Shard shard) {
    try {
      shard.verify(PART, 1_000);
      return true;
    } catch (Refusal refusal) {
      assertEquals(ProblemType.SHARD_UNREACHABLE, refusal.type(), refusal.detail());
      return false;
    }
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) Thread.onSpinWait();
  }

  @Test
  void readingAheadFetchesAllPartsAndWaitsForNone() throws Exception {
    try (ShardStore store = store(own.resolve("cache"), 1L << 30);
        Shard shard = store.open(index, entry)) {
      assertEquals(false, shard.begin(0, TOKENS));
      until(() -> shard.begin(0, TOKENS));
      assertEquals(PARTS, store.cache().fills());
    }
  }

  @Test
  void twoServersShareACacheFolder() throws Exception {
    Path cache = own.resolve("cache");
    byte[] expected = Files.readAllBytes(bucket.resolve("corpus/text.bin"));
    long bound = 2L * PART;
    try (var threads = Executors.newFixedThreadPool(4);
        ShardStore one = store(cache, bound);
        ShardStore two = store(cache, bound);
        Shard first = one.open(index, entry);
        Shard second = two.open(index, entry)) {
      var readers = new ArrayList<Callable<Void>>();
      for (int r = 0; r < 4; r++) {
        Shard shard = r % 2 == 0 ? first : second;
        var random = new SplittableRandom(r);
        readers.add(
            () -> {
              for (int i = 0; i < 60; i++)
                assertTokens(expected, shard, random.nextInt(TOKENS - 2_000), 2_000);
              return null;
            });
      }
      for (var reader : threads.invokeAll(readers)) reader.get();
    }
  }

  @Test
  void aCompressedObjectIsFetchedWholeAndExpanded() throws Exception {
    byte[] plain = Files.readAllBytes(bucket.resolve("corpus/text.bin"));
    Path packed = bucket.resolve("corpus/text.bin.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(plain);
    }
    try {
      var file =
          new dev.mixwell.manifest.SourceFile(
              "s3://bucket/corpus/text.bin.gz",
              Compression.GZIP,
              Files.size(packed),
              Sha256.of(packed));
      var compressed =
          new ShardEntry(
              file,
              null,
              entry.type(),
              entry.tokens(),
              entry.documents(),
              null,
              entry.table(),
              entry.checksums(),
              null);
      Path cache = own.resolve("cache");
      try (ShardStore store = store(cache, 1L << 30);
          Shard shard = store.open(index, compressed)) {
        assertTokens(plain, shard, 1_000, 3_000);
        assertEquals(plain.length, bytes(cache), "only the plain bytes stay");
      }
    } finally {
      Files.delete(packed);
    }
  }

  @Test
  void requestsThatAreNotSignedAreRefusedAsUnreachable() {
    System.setProperty("aws.secretAccessKey", "wrong");
    try (var objects = new ObjectStore(access)) {
      var refusal =
          assertThrows(
              Refusal.class,
              () -> objects.read(ObjectName.of("s3://bucket/corpus/text.bin"), 0, 10, null));
      assertEquals(ProblemType.SHARD_UNREACHABLE, refusal.type());
      assertTrue(refusal.detail().contains("403"), refusal.detail());
    } finally {
      System.setProperty("aws.secretAccessKey", "mixwell-secret");
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ 1);
    }
  }
}
