package dev.mixwell.format.reader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.base.Refusal;
import dev.mixwell.shard.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a new format must have beside its class. The formats are the classes of this package that
 * implement {@code Format}, and the folders of samples.
 */
public final class EveryFormatTest {
  private static final String SAMPLES = "indexer/src/test/resources";
  private static final Path READERS = Path.of("src/main/java/dev/mixwell/format/reader");
  private static final Path FUZZED = Path.of("src/test/java/dev/mixwell/format/reader/Fuzzed.java");
  private static final Pattern IMPLEMENTS =
      Pattern.compile("class (\\w+)(?:<.*>)? implements Format\\b");

  /** Folders of samples that are of no format, and the one of the classes beside them. */
  private static final List<String> NO_FORMAT = List.of("broken", "metadata", "tokenizers", "dev");

  /** What damaged samples are called where it is not the name of the samples' folder. */
  private static final Map<String, String> DAMAGED_AS = Map.of("numpy", "npy", "dolma", "olmo");

  @TempDir private Path folder;

  /** The names of the formats: those of the folders with samples of them. */
  public static List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(Samples.folder("."))) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(name -> !NO_FORMAT.contains(name))
          .sorted()
          .toList();
    }
  }

  /** A page in letters and digits alone, in lower case: "llm.c" is what people write of llmc. */
  public static String plain(String page) {
    return page.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  @Test
  void everyFormatIsOnThePage() throws IOException {
    String page = plain(Files.readString(Path.of("FORMATS.md")));
    for (String name : names())
      assertTrue(page.contains(name), "indexer/FORMATS.md has no row of the format " + name);
  }

  @Test
  void whoNamesNoFormatIsToldAll() throws IOException {
    var refused = assertThrows(Refusal.class, () -> detected(Map.of("x", new byte[9])));
    String told = plain(String.valueOf(refused.getMessage()));
    assertFalse(told.isEmpty());
    for (String name : names())
      assertTrue(
          told.contains(name),
          "the last sentence of byHead in indexer/%s/Formats.java does not name %s"
              .formatted(READERS, name));
  }

  @Test
  void everyFormatHasSamplesAndDamagedOnes() throws IOException {
    var read = new TreeMap<String, Path>();
    var damaged = new TreeSet<String>();
    for (Path sample : cases()) {
      String name = sample.getFileName().toString();
      if (sample.getParent().endsWith("broken")) damaged.add(name.substring(0, name.indexOf('_')));
      else
        try {
          read.put(detected(files(sample)), sample);
        } catch (Refusal unknown) {
          // JSON lines, which are of no format of shards
        }
    }
    for (String format : classes())
      assertTrue(
          read.containsKey(format),
          "no sample below %s is read by %s: add folders with files of the format's own writer and an expected.json"
              .formatted(SAMPLES, format));
    for (String name : names())
      assertTrue(
          damaged.contains(DAMAGED_AS.getOrDefault(name, name)),
          "no damaged sample %s/broken/%s_WHAT".formatted(SAMPLES, name));
  }

  @Test
  void everyFormatIsFuzzed() throws IOException {
    String targets = Files.readString(FUZZED);
    for (String format : classes())
      assertTrue(
          targets.contains("new " + format + "()"),
          "%s has no class that reads %s: add one beside the others"
              .formatted("indexer/" + FUZZED, format));
  }

  private static List<String> classes() throws IOException {
    var classes = new ArrayList<String>();
    try (Stream<Path> sources = Files.list(READERS)) {
      for (Path source : sources.sorted().toList())
        IMPLEMENTS
            .matcher(Files.readString(source))
            .results()
            .forEach(match -> classes.add(match.group(1)));
    }
    assertFalse(classes.isEmpty(), "no formats in " + READERS.toAbsolutePath());
    return classes;
  }

  private static List<Path> cases() throws IOException {
    try (Stream<Path> tree = Files.walk(Samples.folder("."))) {
      return tree.filter(file -> file.endsWith("expected.json")).map(Path::getParent).toList();
    }
  }

  private static Map<String, byte[]> files(Path sample) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (Stream<Path> tree = Files.walk(sample)) {
      for (Path file : tree.filter(Files::isRegularFile).toList())
        if (!file.endsWith("expected.json"))
          files.put(sample.relativize(file).toString(), Files.readAllBytes(file));
    }
    return files;
  }

  private String detected(Map<String, byte[]> files) throws IOException {
    try (var data = new MemoryDataSet(folder, files)) {
      return Formats.of(data).getClass().getSimpleName();
    }
  }
}
