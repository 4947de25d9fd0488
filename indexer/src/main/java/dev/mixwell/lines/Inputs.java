package dev.mixwell.lines;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which files a user means. */
public final class Inputs {
  private static final List<String> ENDINGS =
      List.of(
          ".jsonl", ".jsonl.gz", ".jsonl.zst", ".json.gz", ".json.zst", ".ndjson", ".ndjson.gz");

  private Inputs() {}

  /**
   * Files as they are; a folder as the JSON-lines files in it, in the order of their names.
   *
   * @throws Refusal bad-input for what is not there, and for a folder without such files
   */
  public static List<Path> expand(List<Path> paths) throws IOException {
    var files = new ArrayList<Path>();
    for (Path path : paths) {
      if (!Files.exists(path)) throw refused(path, "there is no such file", "Check the path.");
      if (Files.isDirectory(path)) files.addAll(inFolder(path));
      else files.add(path);
    }
    return files;
  }

  private static List<Path> inFolder(Path folder) throws IOException {
    List<Path> files;
    try (var entries = Files.list(folder)) {
      files = entries.filter(Inputs::isJsonLines).sorted().toList();
    }
    if (files.isEmpty())
      throw refused(
          folder,
          "the folder has no file ending in " + String.join(", ", ENDINGS),
          "Name the files themselves.");
    return files;
  }

  private static boolean isJsonLines(Path file) {
    return ENDINGS.stream().anyMatch(file.getFileName().toString()::endsWith);
  }

  private static Refusal refused(Path path, String what, String remedy) {
    return new Refusal(ProblemType.BAD_INPUT, "%s: %s. %s".formatted(path, what, remedy));
  }
}
