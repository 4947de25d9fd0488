package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtentsTest {
  @TempDir Path folder;

  @Test
  void runsThatTouchBecomeOne() {
    var collector = new Extents.Collector();
    collector.add(0, 5, 10);
    collector.add(0, 10, 10);
    collector.add(0, 10, 12);
    collector.add(0, 13, 14);
    collector.add(2, 14, 20);
    var extents = collector.finish();
    assertEquals(3, extents.count());
    assertEquals("0 5 12 0", describe(extents, 0));
    assertEquals("0 13 14 7", describe(extents, 1));
    assertEquals("2 14 20 8", describe(extents, 2));
    assertEquals(14, extents.tokens());
  }

  @Test
  void everyTokenLiesInTheExtentThatHoldsIt() {
    var extents = random(new SplittableRandom(3), 500);
    long token = 0;
    for (int i = 0; i < extents.count(); i++)
      for (long t = extents.start(i); t < extents.end(i); t++) assertEquals(i, extents.at(token++));
    assertEquals(extents.tokens(), token);
    assertThrows(IndexOutOfBoundsException.class, () -> extents.at(extents.tokens()));
    assertThrows(IndexOutOfBoundsException.class, () -> extents.at(-1));
  }

  @Test
  void runsOutOfManifestOrderAreRefused() {
    var collector = new Extents.Collector();
    collector.add(1, 5, 10);
    assertThrows(IllegalArgumentException.class, () -> collector.add(1, 9, 11));
    assertThrows(IllegalArgumentException.class, () -> collector.add(0, 50, 60));
    assertThrows(IllegalArgumentException.class, () -> collector.add(2, 6, 5));
    assertThrows(IllegalArgumentException.class, () -> collector.add(2, -1, 5));
  }

  @Test
  void aFileReadsBackEqual() {
    for (int size : new int[] {0, 1, 4_095, 4_096, 4_097, 20_000}) {
      var extents = random(new SplittableRandom(size), size);
      Path file = folder.resolve("a.extents");
      ExtentsFile.write(file, extents);
      var again = ExtentsFile.read(file, extents.sha256());
      assertEquals(extents, again);
      assertEquals(extents.sha256(), again.sha256());
    }
  }

  @Test
  void theLayoutIsPinned() throws IOException {
    var collector = new Extents.Collector();
    collector.add(1, 2, 0x0102030405L);
    Path file = folder.resolve("pinned.extents");
    ExtentsFile.write(file, collector.finish());
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(
        "4d4958574c455854"
            + "01000000"
            + "01000000"
            + "01000000"
            + "0200000000000000"
            + "0504030201000000",
        HexFormat.of().formatHex(bytes, 0, bytes.length - 32));
    assertEquals(
        collector.finish().sha256(),
        HexFormat.of().formatHex(bytes, bytes.length - 32, bytes.length));
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
    ExtentsFile.write(file, extents);
    byte[] bytes = Files.readAllBytes(file);
    if (random.nextBoolean())
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    else bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    Files.write(file, bytes);
    var refusal = assertThrows(Refusal.class, () -> ExtentsFile.read(file, extents.sha256()));
    assertEquals(ProblemType.EXTENTS_DAMAGED, refusal.type());
    assertTrue(refusal.detail().contains(file.toString()));
  }

  @Test
  void aMissingFileAndAnotherGroupsFileAreRefused() {
    var one = random(new SplittableRandom(1), 5);
    var other = random(new SplittableRandom(2), 5);
    assertNotEquals(one.sha256(), other.sha256());
    Path file = folder.resolve("one.extents");
    assertThrows(Refusal.class, () -> ExtentsFile.read(file, one.sha256()));
    ExtentsFile.write(file, one);
    var refusal = assertThrows(Refusal.class, () -> ExtentsFile.read(file, other.sha256()));
    assertTrue(refusal.detail().contains(other.sha256()));
  }

  private static Extents random(SplittableRandom random, int size) {
    var collector = new Extents.Collector();
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
    return collector.finish();
  }

  private static String describe(Extents extents, int i) {
    return extents.shard(i)
        + " "
        + extents.start(i)
        + " "
        + extents.end(i)
        + " "
        + extents.offset(i);
  }
}
