package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.Program;
import dev.mixwell.ingest.Jsonl;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 8 for what lies in an index: damage of any file is found and named. */
final class DamageTest {
  @TempDir Path directory;
  private Path index;
  private List<Path> files;

  @BeforeEach
  void makeIndex() throws IOException {
    var lines = new String[200];
    for (int i = 0; i < lines.length; i++)
      lines[i] =
          "{\"text\":\"text %d\",\"source\":\"s%d\",\"quality\":%s,\"n\":%d}"
              .formatted(i * 7919, i % 3, i / 7.0, i);
    index = Jsonl.index(directory, lines);
    try (var tree = Files.walk(index)) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void anyFlippedBitIsFoundByVerify() throws IOException {
    try (var proof = new Proof("index-bit-flips", 300, 20_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> changeIsFound(new SplittableRandom(seed), false));
    }
  }

  @Test
  void anyTruncationIsFoundByVerify() throws IOException {
    try (var proof = new Proof("index-truncations", 100, 5_000)) {
      for (int seed : proof.seeds())
        proof.check("seed " + seed, () -> changeIsFound(new SplittableRandom(seed), true));
    }
  }

  @Test
  void truncationOfAnyFileOfTokensIsFoundByOpening() throws IOException {
    for (String name : new String[] {"shard-00000.bin", "shard-00000.idx", "manifest.json"}) {
      Path file = index.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 1));
      try {
        Manifest.read(index);
        fail(name + " was read");
      } catch (Refusal refusal) {
        assertTrue(refusal.detail().contains(name), refusal.detail());
      }
      Files.write(file, whole);
    }
  }

  @Test
  void catalogOfAnotherIndexIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    var lines = new String[200];
    Arrays.fill(lines, "{\"text\":\"other\"}");
    Path other = Jsonl.index(elsewhere, lines);
    Files.move(index.resolve("catalog"), directory.resolve("away"));
    Files.move(other.resolve("catalog"), index.resolve("catalog"));
    try (Catalog _ = Catalog.open(index)) {
      fail("it was opened");
    } catch (Refusal refusal) {
      assertTrue(refusal.detail().contains("another manifest"), refusal.detail());
    }
  }

  @Test
  void missingCatalogIsNamedAndNotMade() throws IOException {
    Files.move(index.resolve("catalog"), directory.resolve("away"));
    var refusal = assertThrows(Refusal.class, () -> Catalog.open(index));
    assertTrue(refusal.detail().contains("catalog is damaged: it is missing"), refusal.detail());
    assertTrue(Files.notExists(index.resolve("catalog")));
  }

  /** Opening does not read the catalog; nothing that was changed may be found in it. */
  @Test
  void anyFlippedBitOfTheCatalogIsRefusedBeforeItIsUsed() throws IOException {
    List<Path> catalog =
        files.stream().filter(file -> file.startsWith(index.resolve("catalog"))).toList();
    List<String> whole = found();
    try (var proof = new Proof("catalog-bit-flips", 200, 10_000)) {
      for (int seed : proof.seeds())
        proof.check(
            "seed " + seed,
            () -> {
              var random = new SplittableRandom(seed);
              Path file = catalog.get(random.nextInt(catalog.size()));
              byte[] bytes = Files.readAllBytes(file);
              byte[] changed = bytes.clone();
              changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
              Files.write(file, changed);
              try {
                assertEquals(whole, found());
              } catch (Refusal refusal) {
                assertTrue(refusal.detail().contains("catalog"), refusal.detail());
              } finally {
                Files.write(file, bytes);
              }
            });
    }
  }

  private List<String> found() {
    var found = new ArrayList<String>();
    try (Catalog catalog = Catalog.open(index)) {
      for (String query : List.of("source:s1", "quality:[3 TO 9]", "*:*"))
        catalog.select(
            query,
            (shard, ordinal, start, length, idHash) ->
                found.add("%d %d %d %d %d".formatted(shard, ordinal, start, length, idHash)));
      for (int d = 0; d < catalog.manifest().documents(); d++)
        found.add(catalog.documentId(0, d) + catalog.metadata(0, d));
    }
    return found;
  }

  private void changeIsFound(SplittableRandom random, boolean isCut) throws IOException {
    Path file = files.get(random.nextInt(files.size()));
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    int at = random.nextInt(whole.length);
    if (isCut) changed = Arrays.copyOf(whole, at);
    else changed[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, changed);
    try {
      var err = new StringWriter();
      int code = Indexing.run(new StringWriter(), err, "verify", index);
      assertTrue(code == Program.FAILED, file + " byte " + at + ": exit code " + code + err);
      String named =
          file.startsWith(index.resolve("catalog")) ? "catalog" : "" + file.getFileName();
      assertTrue(err.toString().contains(named), file + " byte " + at + ": " + err);
    } finally {
      Files.write(file, whole);
    }
  }
}
