package dev.mixwell.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Json;
import dev.mixwell.proof.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The corpus of {@code docs/corpus}: what the README's walk needs of it, and its licences. */
class ShippedCorpusTest {
  private static final Path FOLDER = Path.of("..", "..", "docs", "corpus");
  private static final Set<String> KEYS =
      Set.of("id", "text", "group", "source", "path", "lang", "license");

  @Test
  void everyDocumentHasAllKeysAndTheGroupOfItsFile() throws IOException {
    var ids = new HashSet<String>();
    for (Path file : files()) {
      String group = file.getFileName().toString().replace(".jsonl.gz", "");
      for (var document : documents(file)) {
        assertEquals(KEYS, document.keySet(), file.toString());
        assertEquals(group, document.get("group"), file.toString());
        assertTrue(ids.add((String) document.get("id")), "twice: " + document.get("id"));
      }
    }
  }

  @Test
  void groupsAreSeveralAndAlikeInSize() throws IOException {
    assertTrue(files().size() >= 3, files().toString());
    for (Path file : files()) {
      long bytes = 0;
      for (var document : documents(file))
        bytes += ((String) document.get("text")).getBytes(StandardCharsets.UTF_8).length;
      assertTrue(
          bytes > 480 << 10 && bytes <= 512 << 10, file + " has " + bytes + " bytes of text");
    }
  }

  @Test
  void thePageOfLicencesNamesEachDocumentsLicenceAndSource() throws IOException {
    String page = Files.readString(FOLDER.resolve("LICENSES.md"));
    for (Path file : files()) {
      assertTrue(page.contains("`" + file.getFileName() + "`"), file.toString());
      for (var document : documents(file)) {
        String license = ((String) document.get("license")).replace("-3.1", " 3.1");
        assertTrue(
            page.toLowerCase(Locale.ROOT)
                .contains("## " + license.toLowerCase(Locale.ROOT) + ": `"),
            "LICENSES.md has no heading for " + license);
        String source = ((String) document.get("source")).replace(":sources", "");
        assertTrue(page.contains("`" + source + "`"), "LICENSES.md does not name " + source);
      }
    }
  }

  /** Fetches 19 MB, so only a soak runs it. */
  @Test
  @EnabledIfSystemProperty(named = "mixwell.soak", matches = "true")
  void sameJarsGiveTheSameFiles(@TempDir Path folder) throws Exception {
    Path made = Files.createDirectory(folder.resolve("corpus"));
    ShippedCorpus.main(made.toString(), folder.resolve("jars").toString());
    try (var proof = new Proof("shipped-corpus", files().size(), files().size())) {
      for (Path file : files())
        proof.check(
            file.getFileName().toString(),
            () -> assertEquals(documents(file), documents(made.resolve(file.getFileName()))));
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl.gz"))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private static List<Map<?, ?>> documents(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      var documents = new ArrayList<Map<?, ?>>();
      String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : lines.lines().toList())
        documents.add(Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class));
      return documents;
    }
  }
}
