package dev.mixwell.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Java files of all modules. */
final class Sources {
  private Sources() {}

  /**
   * @param folder such as {@code src/main/java}
   */
  static List<Path> in(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("..", ".."))) {
      List<Path> found =
          files
              .filter(file -> file.toString().contains("/" + folder + "/dev/mixwell/"))
              .filter(file -> file.toString().endsWith(".java"))
              .sorted()
              .toList();
      if (found.isEmpty()) throw new AssertionError("no sources in " + folder);
      return found;
    }
  }
}
