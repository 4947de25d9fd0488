package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ExtentsTest {
  @TempDir Path folder;

  @Test
  void runsThatTouchBecomeOne() {
    var collector = ExtentsWriter.inMemory();
    collector.add(0, 5, 10);
    collector.add(0, 10, 10);
    collector.add(0, 10, 12);
    collector.add(0, 13, 14);
    collector.add(2, 14, 20);
    var extents = collector.finish(5);
    assertEquals(3, extents.count());
    assertEquals(List.of("0 5 12 0", "0 13 14 7", "2 14 20 8"), described(extents));
    assertEquals(5, extents.documents());
    assertEquals(14, extents.tokens());
  }

  @Test
  void everyTokenLiesInTheExtentThatHoldsIt() {
    var extents = random(new SplittableRandom(3), 500);
    long token = 0;
    var all = extents.cursor();
    for (int i = 0; all.next(); i++)
      for (long t = all.start(); t < all.end(); t++) {
        var found = extents.cursor(token);
        assertEquals(i, found.extent());
        assertEquals(all.shard(), found.shard());
        assertEquals(t, found.start() + token++ - found.offset());
      }
    assertEquals(extents.tokens(), token);
    assertThrows(IndexOutOfBoundsException.class, () -> extents.cursor(extents.tokens()));
    assertThrows(IndexOutOfBoundsException.class, () -> extents.cursor(-1));
  }

  @Test
  void runsOutOfManifestOrderAreRefused() {
    var collector = ExtentsWriter.inMemory();
    collector.add(1, 5, 10);
    assertThrows(IllegalArgumentException.class, () -> collector.add(1, 9, 11));
    assertThrows(IllegalArgumentException.class, () -> collector.add(0, 50, 60));
    assertThrows(IllegalArgumentException.class, () -> collector.add(2, 6, 5));
    assertThrows(IllegalArgumentException.class, () -> collector.add(2, -1, 5));
  }

  @Test
  void aFileReadsBackEqual() {
    for (int size : new int[] {0, 1, 127, 128, 129, 4_096, 20_000, 100_000}) {
      var extents = random(new SplittableRandom(size), size);
      Path file = folder.resolve("a.extents");
      write(file, extents);
      var again = ExtentsFile.read(file, extents.sha256());
      assertEquals(extents, again);
      assertEquals(described(extents), described(again));
      assertEquals(extents.sha256(), again.sha256());
    }
  }

  @Test
  void theLayoutIsPinned() throws IOException {
    var writer = ExtentsWriter.inMemory();
    writer.add(1, 2, 0x82);
    writer.add(1, 0x83, 0x84);
    writer.add(3, 0x0102, 0x0103);
    Path file = folder.resolve("pinned.extents");
    var extents = writer.finish(7);
    write(file, extents);
    byte[] bytes = Files.readAllBytes(file);
    String data = "8001" + "0101" + "0002" + "8202" + "01";
    assertEquals(
        "4d4958574c455854"
            + "02000000"
            + "03000000"
            + "8200000000000000"
            + "0700000000000000"
            + "0900000000000000"
            + extents.sha256(),
        HexFormat.of().formatHex(bytes, 0, 72));
    assertEquals(
        data + "0000000000000000" + "01000000" + "0200000000000000" + "0000000000000000",
        HexFormat.of().formatHex(bytes, 80, bytes.length - 4));
  }

  /** Runs on disk are pinned by this digest, whatever the layout of files is now. */
  @Test
  void theDigestIsThatOfTheFirstVersionsFiles() throws Exception {
    byte[] first = firstVersion();
    var writer = ExtentsWriter.inMemory();
    writer.add(1, 2, 0x0102030405L);
    var extents = writer.finish(1);
    assertEquals(
        extents.sha256(), HexFormat.of().formatHex(first, first.length - 32, first.length));
    Path file = Files.write(folder.resolve("first.extents"), first);
    var read = ExtentsFile.read(file, extents.sha256());
    assertEquals(List.of("1 2 4328719365 0"), described(read));
  }

  @Test
  void everyFlippedBitAndEveryCutOfAFirstVersionIsRefused() throws Exception {
    byte[] whole = firstVersion();
    String sha256 = HexFormat.of().formatHex(whole, whole.length - 32, whole.length);
    Path file = folder.resolve("first.extents");
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      assertRefused(() -> ExtentsFile.read(file, sha256), file);
      Files.write(file, Arrays.copyOf(whole, bit / 8));
      assertRefused(() -> ExtentsFile.read(file, sha256), file);
    }
  }

  private static byte[] firstVersion() throws Exception {
    byte[] body =
        HexFormat.of()
            .parseHex(
                "4d4958574c455854"
                    + "01000000"
                    + "01000000"
                    + "01000000"
                    + "0200000000000000"
                    + "0504030201000000");
    byte[] all = Arrays.copyOf(body, body.length + 32);
    System.arraycopy(MessageDigest.getInstance("SHA-256").digest(body), 0, all, body.length, 32);
    return all;
  }

  @Test
  void everyFlippedBitAndEveryCutIsRefused() {
    try (var proof = new Proof("extents-damage", 200, 20_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> damageIsRefused(new SplittableRandom(seed)));
    }
  }

  private void damageIsRefused(SplittableRandom random) throws IOException {
    var extents = random(random, random.nextInt(1, 40));
    Path file = folder.resolve("damaged.extents");
    write(file, extents);
    byte[] bytes = Files.readAllBytes(file);
    if (random.nextBoolean())
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    else bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    Files.write(file, bytes);
    assertRefused(() -> ExtentsFile.read(file, extents.sha256()), file);
  }

  @Test
  void aMissingFileIsNamedOnceAndSaidToBeMissing() {
    Path file = folder.resolve("missing.extents");
    var refusal = assertThrows(Refusal.class, () -> ExtentsFile.read(file, ""));
    assertEquals(
        "The extents file %s cannot be read (there is no such file or folder). Restore it from a copy; nothing was served from it."
            .formatted(file),
        refusal.detail());
  }

  /** A mapped file is read in part when it is opened, and for the rest when it is used. */
  @Test
  void everyFlippedBitOfALargeFileIsRefusedBeforeItIsUsed() throws IOException {
    var extents = random(new SplittableRandom(6), 60_000);
    List<String> whole = described(extents);
    Path file = folder.resolve("large.extents");
    write(file, extents);
    byte[] bytes = Files.readAllBytes(file);
    try (var proof = new Proof("mapped-extents-damage", 100, 5_000)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              int bit = new SplittableRandom(seed).nextInt(8 * bytes.length);
              byte[] flipped = bytes.clone();
              flipped[bit / 8] ^= (byte) (1 << bit % 8);
              Path damaged = folder.resolve(seed + ".extents");
              Files.write(damaged, flipped);
              var served = new ArrayList<String>();
              assertRefused(() -> describe(damaged, extents.sha256(), served), damaged);
              assertEquals(whole.subList(0, served.size()), served);
              Files.delete(damaged);
            });
    }
  }

  @Test
  void aLargeFileThatIsCutWhileItIsMappedIsRefused() throws IOException {
    var extents = random(new SplittableRandom(6), 60_000);
    Path file = folder.resolve("cut.extents");
    write(file, extents);
    var mapped = ExtentsFile.read(file, extents.sha256());
    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(open.length() - 1);
    }
    assertRefused(() -> mapped.cursor(0), file);
  }

  private static void describe(Path file, String sha256, List<String> served) {
    var cursor = ExtentsFile.read(file, sha256).cursor();
    while (cursor.next()) served.add(describe(cursor));
  }

  private static void assertRefused(Executable use, Path file) {
    var refusal = assertThrows(Refusal.class, use);
    assertEquals(ProblemType.EXTENTS_DAMAGED, refusal.type());
    assertTrue(refusal.detail().contains(file.toString()), refusal.detail());
  }

  @Test
  void aMissingFileAndAnotherGroupsFileAreRefused() {
    var one = random(new SplittableRandom(1), 5);
    var other = random(new SplittableRandom(2), 5);
    assertNotEquals(one.sha256(), other.sha256());
    Path file = folder.resolve("one.extents");
    assertThrows(Refusal.class, () -> ExtentsFile.read(file, one.sha256()));
    write(file, one);
    var refusal = assertThrows(Refusal.class, () -> ExtentsFile.read(file, other.sha256()));
    assertTrue(refusal.detail().contains(other.sha256()));
  }

  private static Extents random(SplittableRandom random, int size) {
    var collector = ExtentsWriter.inMemory();
    int shard = 0;
    long end = 0;
    for (int i = 0; i < size; i++) {
      if (random.nextInt(10) == 0) {
        shard++;
        end = 0;
      }
      long start = end + 1 + random.nextInt(50);
      end = start + 1 + random.nextInt(30);
      collector.add(shard, start, end);
    }
    return collector.finish(size);
  }

  private static void write(Path file, Extents extents) {
    try (var writer = ExtentsWriter.into(file)) {
      var cursor = extents.cursor();
      while (cursor.next()) writer.add(cursor.shard(), cursor.start(), cursor.end());
      writer.finish(extents.documents());
    }
  }

  private static List<String> described(Extents extents) {
    var all = new ArrayList<String>();
    var cursor = extents.cursor();
    while (cursor.next()) all.add(describe(cursor));
    return all;
  }

  private static String describe(Extents.Cursor extent) {
    return extent.shard() + " " + extent.start() + " " + extent.end() + " " + extent.offset();
  }
}
