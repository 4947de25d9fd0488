package dev.mixwell.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What users meet when a file is missing, a folder is a file, a file is a folder, or nobody
 * listens: a sentence with the place in it and a status, from every command.
 */
class FailuresTest {
  private static final int MAX_LINES = 3;

  /** Commands that are given no path and no address. */
  private static final Set<String> WITHOUT_PLACES =
      Set.of("completion", "groups", "test", "soak", "fuzz", "bench", "format");

  @TempDir Path directory;
  private Path file;
  private Path folder;
  private Path none;

  @BeforeEach
  void makeFiles() throws IOException {
    file = Files.writeString(directory.resolve("file"), "no index, no run\n");
    folder = Files.createDirectory(directory.resolve("folder"));
    none = directory.resolve("none");
  }

  private record Ended(int status, String err) {}

  private static Ended run(Object... words) {
    String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    var err = new StringWriter();
    int status =
        LabProgram.program()
            .writing(new PrintWriter(new StringWriter()), new PrintWriter(err))
            .run(arguments);
    return new Ended(status, err.toString());
  }

  private static void refused(String named, Object... words) {
    failed(2, named, words);
  }

  private static void failed(int status, String named, Object... words) {
    Ended ended = run(words);
    String what = String.join(" ", Arrays.stream(words).map(Object::toString).toList());
    String said = what + "\n" + ended.err;
    assertEquals(status, ended.status, said);
    assertTrue(ended.err.lines().count() <= MAX_LINES, said);
    assertTrue(ended.err.contains(named), named + " is not named by " + said);
    for (String trace : new String[] {"Exception", "\tat ", "Usage:", "This is a bug"})
      assertFalse(ended.err.contains(trace), said);
  }

  /** Arguments of each command, with a place for a path that is wrong. */
  private static final Map<String, String[]> WITH_A_PATH =
      Map.ofEntries(
          Map.entry("index", new String[] {"index", "@", "--out", "@out"}),
          Map.entry(
              "adopt",
              new String[] {
                "index", "adopt", "@", "--out", "@out", "--vocabulary", "9", "--no-eos"
              }),
          Map.entry("stats", new String[] {"index", "stats", "@"}),
          Map.entry("verify", new String[] {"index", "verify", "@"}),
          Map.entry("shards", new String[] {"index", "shards", "@"}),
          Map.entry("generations", new String[] {"index", "generations", "@"}),
          Map.entry("remove", new String[] {"index", "remove", "*", "--index", "@"}),
          Map.entry("tag", new String[] {"index", "tag", "--set", "a=b", "--index", "@"}),
          Map.entry("try", new String[] {"groups", "try", "a:b", "--index", "@"}),
          Map.entry(
              "serve", new String[] {"serve", "--data", "@out", "--port", "0", "--index", "@"}),
          Map.entry("verify-run", new String[] {"verify-run", "@"}),
          Map.entry("verify-mixers", new String[] {"verify-mixers", "@"}),
          Map.entry("verify-formats", new String[] {"verify-formats", "@"}),
          Map.entry("experiment", new String[] {"experiment", "@"}),
          Map.entry(
              "train",
              new String[] {
                "train", "--run", "r", "--url", "http://127.0.0.1:1", "--create-run", "@"
              }));

  /** Those that make their folder if it is missing. */
  private static final Set<String> MAKE_THEIRS = Set.of("demo", "simulate");

  private Object[] with(String command, Path wrong) {
    return Arrays.stream(WITH_A_PATH.get(command))
        .map(
            word ->
                word.equals("@")
                    ? wrong
                    : word.equals("@out") ? directory.resolve("of-" + command) : word)
        .toArray();
  }

  @Test
  void everyCommandThatIsGivenAPathIsTriedHere() {
    var missing = new TreeSet<String>();
    add(missing, LabProgram.program().model());
    missing.removeAll(WITH_A_PATH.keySet());
    missing.removeAll(MAKE_THEIRS);
    missing.removeAll(WITHOUT_PLACES);
    assertEquals(Set.of(), missing, "commands to be added to WITH_A_PATH");
  }

  private static void add(Set<String> names, CommandLine command) {
    names.addAll(command.getSubcommands().keySet());
    command.getSubcommands().values().forEach(below -> add(names, below));
  }

  @Test
  void aMissingFileOrFolderIsNamed() {
    for (String command : WITH_A_PATH.keySet()) refused(none.toString(), with(command, none));
  }

  @Test
  void aFileWhereAFolderIsExpectedIsNamed() {
    for (String command : WITH_A_PATH.keySet())
      if (!Set.of("experiment", "train", "index", "adopt").contains(command))
        refused(file.toString(), with(command, file));
    refused("--out " + file, "simulate", "--out", file, "--steps", "1");
    refused(file.toString(), "serve", "--index", folder, "--data", file, "--port", "0");
  }

  @Test
  void aFolderWhereAFileIsExpectedIsNamed() {
    refused(folder.toString(), with("experiment", folder));
    refused(folder.toString(), with("train", folder));
    refused(folder.toString(), "serve", "--config", folder);
    refused(folder.toString(), with("index", folder));
    refused(folder.toString(), with("adopt", folder));
  }

  @Test
  void aPathBelowAFileIsNamed() {
    for (String command : WITH_A_PATH.keySet())
      refused(file.toString(), with(command, file.resolve("below")));
  }

  @Test
  void nobodyWhoAnswersIsNamed() throws IOException {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = closed.getLocalPort();
    }
    failed(1, "127.0.0.1:" + port, "train", "--run", "r", "--url", "http://127.0.0.1:" + port);
  }

  @Test
  void aCommandThatStartsOthersNeedsTheLauncher() {
    refused("./mixwell", "demo", "--dir", none);
  }
}
