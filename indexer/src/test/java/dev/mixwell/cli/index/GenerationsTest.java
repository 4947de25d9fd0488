package dev.mixwell.cli.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.writing.StagedGeneration;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that is added to, that loses shards, and whose documents are tagged. */
final class GenerationsTest {
  private static final List<String> FIRST =
      List.of(
          "{\"text\":\"hello\",\"id\":\"a\",\"group\":\"code\"}",
          "{\"text\":\"wide €\",\"group\":\"web\",\"quality\":0.5}",
          "{\"text\":\"x\"}");
  private static final List<String> SECOND =
      List.of("{\"text\":\"more\",\"group\":\"web\",\"quality\":3}", "{\"text\":\"of it\"}");
  private static final int FIRST_TOKENS = 18; // bytes and an end each

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path first;
  private Path second;
  private Path index;

  @BeforeEach
  void makeIndex() throws IOException {
    first = Files.write(directory.resolve("first.jsonl"), FIRST);
    second = Files.write(directory.resolve("second.jsonl"), SECOND);
    index = directory.resolve("index");
    runs(first, "--out", index);
  }

  @Test
  void whatIsAddedEqualsAnIndexMadeAtOnce() throws IOException {
    runs(second, "--out", index, "--add");
    Path whole = directory.resolve("whole");
    runs(first, second, "--out", whole, "--shard-tokens", FIRST_TOKENS);
    assertEquals(2, Manifest.read(whole).shards().size());
    assertSameContent(whole, index);
    assertEquals(hits(whole), hits(index));
    runs("verify", index);
    assertTrue(out.toString().contains("generations/00002 is whole: 5 documents"), out.toString());
  }

  @Test
  void earlierGenerationsKeepEveryByte() throws IOException {
    Map<String, byte[]> before = files();
    runs(second, "--out", index, "--add");
    runs("tag", "--index", index, "--set", "licence=cc0");
    runs("remove", "shard-00000.bin", "--index", index);
    assertEquals(4, Generation.all(index).size());
    Map<String, byte[]> after = files();
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    String sha256 = Manifest.read(Generation.all(index).getFirst()).sha256();
    assertEquals(1, assertNotNullAnd(Generation.of(index, sha256)).number());
    assertNull(Generation.of(index, "0".repeat(64)));
  }

  @Test
  void whatIsLeftEqualsAnIndexOfIt() throws IOException {
    runs(second, "--out", index, "--add");
    runs("remove", "generations/*", "--index", index);
    Path alone = directory.resolve("alone");
    runs(first, "--out", alone);
    assertSameContent(alone, index);
    Path other = directory.resolve("other");
    runs(first, "--out", other);
    runs(second, "--out", other, "--add");
    runs("remove", "shard-00000.bin", "--index", other);
    Path secondAlone = directory.resolve("second");
    runs(second, "--out", secondAlone);
    assertSameContent(secondAlone, other);
    assertEquals(hits(secondAlone), hits(other));
    runs("verify", other);
  }

  @Test
  void whatIsTaggedEqualsAnIndexOfTaggedDocuments() throws IOException {
    runs(
        "tag",
        "--index",
        index,
        "--set",
        "group=all",
        "--set",
        "quality=0.25",
        "--set",
        "n=7",
        "--shards",
        "shard-0000?.bin");
    var lines = new ArrayList<String>();
    for (String line : FIRST)
      lines.add(
          line.replaceAll(",\"(group|quality)\":[^,}]*", "")
              .replace("}", ",\"group\":\"all\",\"quality\":0.25,\"n\":7}"));
    Path tagged = directory.resolve("tagged");
    runs(Files.write(directory.resolve("tagged.jsonl"), lines), "--out", tagged);
    assertSameContent(tagged, index);
    try (Catalog a = Catalog.open(tagged);
        Catalog b = Catalog.open(index)) {
      assertEquals(selected(a, "quality:0.25 AND n:[7 TO 8]"), selected(b, "quality:0.25 AND n:7"));
    }
  }

  @Test
  void refusalsChangeNothing() throws IOException {
    Map<String, byte[]> before = files();
    refuses("nearest is \"shard-00000.bin\"", "remove", "shard-1*", "--index", index);
    refuses("No document would be left", "remove", "*", "--index", index);
    refuses("No shard is named", "tag", "--index", index, "--set", "a=1", "--shards", "none");
    refuses("beyond all doubles", "tag", "--index", index, "--set", "a=1e999");
    refuses(
        "no documents", Files.createFile(directory.resolve("e.jsonl")), "--out", index, "--add");
    refuses("one vocabulary", second, "--out", index, "--add", "--tokenizer", "r50k_base");
    refuses("There is no index", second, "--out", directory.resolve("no"), "--add");
    refuses("There is no index", "tag", "--index", directory.resolve("no"), "--set", "a=1");
    refuses("no generation 2", "stats", index, "--generation", 2);
    assertEquals(2, run(second, "--out", index, "--add", "--force"));
    assertTrue(Files.notExists(directory.resolve("no")));
    Map<String, byte[]> after = files();
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
  }

  @Test
  void twoWritersAreNotLetInAtOnce() throws IOException {
    try (var _ = StagedGeneration.after(index)) {
      refuses("another process", second, "--out", index, "--add");
    }
    runs(second, "--out", index, "--add");
  }

  @Test
  void whatAKilledWriterLeftIsNoGenerationAndIsTidiedUp() throws IOException {
    Path partial = Files.createDirectories(index.resolve("generations/.00002.partial"));
    Files.writeString(partial.resolve("manifest.json"), "begun");
    assertEquals(1, Generation.newest(index).number());
    runs(second, "--out", index, "--add");
    assertTrue(Files.notExists(partial));
    assertEquals(2, Generation.newest(index).number());
  }

  @Test
  void damageOfAnyFileOfAnyGenerationIsFound() throws IOException {
    runs(second, "--out", index, "--add");
    runs("tag", "--index", index, "--set", "licence=cc0");
    for (var file : files().entrySet()) {
      Path path = index.resolve(file.getKey());
      byte[] changed = file.getValue().clone();
      changed[changed.length / 2] ^= 4;
      Files.write(path, changed);
      assertEquals(Program.FAILED, run("verify", index), file.getKey());
      String named = file.getKey().contains("catalog/") ? "catalog" : "" + path.getFileName();
      assertTrue(err.toString().contains(named), file.getKey() + ": " + err);
      Files.write(path, file.getValue());
    }
    runs("verify", index);
    Files.delete(index.resolve("generations/00002/shard-00001.bin"));
    var refusal = assertThrows(Refusal.class, () -> Manifest.read(index));
    assertTrue(refusal.detail().contains("generations/00002/shard-00001.bin"), refusal.detail());
  }

  @Test
  void generationsAndShardsAreListed() {
    runs(second, "--out", index, "--add");
    runs("tag", "--index", index, "--set", "licence=cc0");
    runs("remove", "generations/00002/shard-00001.bin", "--index", index);
    runs("generations", index);
    String[] lines = out.toString().split("\n");
    assertEquals(5, lines.length, out.toString());
    assertTrue(lines[1].endsWith("  made"), lines[1]);
    assertTrue(lines[2].endsWith("added shards: 1, documents: 2"), lines[2]);
    assertTrue(lines[3].endsWith("  tagged"), lines[3]);
    assertTrue(lines[4].endsWith("removed shards: 1, documents: 2"), lines[4]);
    runs("shards", index, "--generation", 2);
    assertTrue(out.toString().contains("generations/00002/shard-00001.bin  uint16"), "" + out);
    runs("stats", index, "--generation", 2);
    assertTrue(out.toString().contains("(all)                 5"), out.toString());
  }

  private static Generation assertNotNullAnd(Generation generation) {
    assertNotNull(generation);
    return generation;
  }

  /** Shards have other names; what is in them, and what is counted, is the same. */
  private void assertSameContent(Path expected, Path found) throws IOException {
    Manifest a = Manifest.read(expected);
    Manifest b = Manifest.read(found);
    assertEquals(a.catalogSha256(), b.catalogSha256());
    assertEquals(a.keysSha256(), b.keysSha256());
    assertEquals(a.textBytes(), b.textBytes());
    assertEquals(a.tokens(), b.tokens());
    assertEquals(a.documents(), b.documents());
    Path keys = Generation.newest(found).folder().resolve("keys.json");
    assertEquals(Files.readString(expected.resolve("keys.json")), Files.readString(keys));
  }

  private static List<String> hits(Path index) {
    var hits = new ArrayList<String>();
    try (Catalog catalog = Catalog.open(index)) {
      for (String query : List.of("group:web", "quality:[0 TO 4]", "*:*", "quality:*"))
        hits.addAll(selected(catalog, query));
    }
    return hits;
  }

  private static List<String> selected(Catalog catalog, String query) {
    var found = new ArrayList<String>();
    catalog.select(
        query,
        (shard, ordinal, start, length, _) ->
            found.add(
                "%d %d %d %d %s %s"
                    .formatted(
                        shard,
                        ordinal,
                        start,
                        length,
                        catalog.documentId(shard, ordinal),
                        catalog.metadata(shard, ordinal))));
    return found;
  }

  private Map<String, byte[]> files() throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (var tree = Files.walk(index)) {
      for (Path file : tree.filter(Files::isRegularFile).toList())
        files.put(index.relativize(file).toString(), Files.readAllBytes(file));
    }
    return files;
  }

  private void runs(Object... arguments) {
    assertEquals(0, run(arguments), err.toString());
  }

  private void refuses(String why, Object... arguments) {
    assertEquals(Program.REFUSED, run(arguments), out.toString());
    assertTrue(err.toString().contains(why), err.toString());
  }

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Indexing.run(out, err, arguments);
  }
}
