package dev.mixwell.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.mixwell.base.Sha256;
import dev.mixwell.opened.Dataset;
import dev.mixwell.opened.TestIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtentsCacheTest {
  private static final double SHARE = 0.3;

  @TempDir Path directory;
  private Path folder;
  private Dataset dataset;

  @BeforeEach
  void open() throws IOException {
    folder = directory.resolve("cache");
    var documents = TestIndex.random(new SplittableRandom(1), 3, 60, 500);
    dataset = new TestIndex(directory.resolve("index"), documents, 500).write().open();
  }

  @AfterEach
  void close() {
    dataset.close();
  }

  @Test
  void aGroupIsResolvedOnceAndFoundAgain() throws IOException {
    var expected = new GroupResolver(dataset).resolve("a", "tag:a", SHARE);
    var made =
        new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE);
    assertEquals(expected, made);
    assertEquals(expected.documents(), made.documents());
    var before = files();
    assertEquals(
        expected,
        new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE));
    assertEquals(before.size(), files().size());
    assertEquals(inodes(before), inodes(files()));
  }

  @Test
  void anotherQueryAndAnotherShareAreOtherEntries() throws IOException {
    var cache = new ExtentsCache(folder, Set.of(dataset.sha256()));
    var a = cache.resolve(dataset, "x", "tag:a", SHARE);
    assertNotEquals(a, cache.resolve(dataset, "x", "tag:b", SHARE));
    assertNotEquals(a, cache.resolve(dataset, "x", "tag:a", 0.6));
    assertEquals(6, files().size());
  }

  /** Before AND bound tighter than OR, a query gave other documents. */
  @Test
  void whatAnOlderRuleResolvedIsNotFound() throws IOException {
    var cache = new ExtentsCache(folder, Set.of(dataset.sha256()));
    String query = "tag:a AND tag:a OR tag:b";
    var older = cache.resolve(dataset, "x", "tag:a", SHARE);
    String key = String.join("\n", "1", Double.toHexString(SHARE), query);
    String name = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    for (Path file : files()) {
      String kind = String.valueOf(file.getFileName()).replaceFirst("^[^.]*", "");
      Files.copy(file, file.resolveSibling(name + kind));
    }
    assertNotEquals(older, cache.resolve(dataset, "x", query, SHARE));
    assertEquals(
        new GroupResolver(dataset).resolve("x", query, SHARE),
        cache.resolve(dataset, "x", query, SHARE));
  }

  @Test
  void aDamagedEntryIsResolvedAgain() throws IOException {
    var expected =
        new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE);
    for (Path file : files()) {
      byte[] whole = Files.readAllBytes(file);
      for (int bit = 0; bit < 8 * whole.length; bit += 11) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, flipped);
        assertEquals(
            expected,
            new ExtentsCache(folder, Set.of(dataset.sha256()))
                .resolve(dataset, "a", "tag:a", SHARE));
      }
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      assertEquals(
          expected,
          new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE));
      Files.delete(file);
      assertEquals(
          expected,
          new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE));
    }
  }

  @Test
  void entriesOfOtherIndexesAndUnfinishedWritesAreRemoved() throws IOException {
    new ExtentsCache(folder, Set.of(dataset.sha256())).resolve(dataset, "a", "tag:a", SHARE);
    Files.createDirectories(folder.resolve("other"));
    Files.writeString(folder.resolve("other/b.train.extents"), "old");
    Files.writeString(folder.resolve(dataset.sha256()).resolve("c.train.extents.tmp"), "cut");
    new ExtentsCache(folder, Set.of(dataset.sha256()));
    assertEquals(2, files().size());
  }

  @Test
  void theOldestEntriesGoFirst() throws IOException {
    var cache = new ExtentsCache(folder, Set.of(dataset.sha256()));
    cache.resolve(dataset, "a", "tag:a", SHARE);
    var old = files();
    for (Path file : old) Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    cache.resolve(dataset, "b", "tag:b", SHARE);
    long bytes = 0;
    for (Path file : files()) if (!old.contains(file)) bytes += Files.size(file);
    cache.trim(bytes);
    var left = files();
    assertEquals(2, left.size());
    assertEquals(0, left.stream().filter(old::contains).count());
  }

  private List<Path> files() throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Object> inodes(List<Path> files) throws IOException {
    var inodes = new ArrayList<Object>();
    for (Path file : files) inodes.add(Files.getAttribute(file, "unix:ino"));
    return inodes;
  }
}
