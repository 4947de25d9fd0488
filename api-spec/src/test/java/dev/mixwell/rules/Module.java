package dev.mixwell.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A module's folder.
 *
 * @param root of the repository
 * @param name the folder below it, such as {@code trainer-client/lab}
 */
record Module(Path root, String name) {
  private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
  private static final String MAIN = "src/main/java";

  /** The module whose tests run: Maven runs them in its folder. */
  static Module running() {
    Path here = Path.of("").toAbsolutePath();
    Path root = here;
    while (!Files.exists(root.resolve("api-spec"))) {
      root = root.getParent();
      if (root == null) throw new IllegalStateException(here + " is in no checkout of Mixwell");
    }
    return new Module(root, root.relativize(here).toString().replace('\\', '/'));
  }

  /** The names of all modules that have sources, as the poms list them. */
  static List<String> ofPoms(Path root) throws IOException {
    return ofPom(root, "");
  }

  private static List<String> ofPom(Path root, String prefix) throws IOException {
    var names = new ArrayList<String>();
    String pom = Files.readString(root.resolve(prefix).resolve("pom.xml"));
    for (var match : MODULE.matcher(pom).results().toList()) {
      String name = prefix + match.group(1);
      if (Files.exists(root.resolve(name).resolve("src"))) names.add(name);
      else names.addAll(ofPom(root, name + "/"));
    }
    return names;
  }

  Path folder() {
    return root.resolve(name);
  }

  Path classes() {
    return folder().resolve("target/classes");
  }

  /** All Java files, main and test, sorted. */
  List<Path> files() throws IOException {
    return files(folder().resolve("src"));
  }

  /** Java files below {@code src/main/java} by package; the names are below dev.mixwell. */
  Map<String, List<Path>> mainPackages() throws IOException {
    return packages(MAIN);
  }

  /** As {@link #mainPackages}, of the tests. */
  Map<String, List<Path>> testPackages() throws IOException {
    return packages("src/test/java");
  }

  /** A path as messages name it: from the repository's root. */
  String named(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private Map<String, List<Path>> packages(String sources) throws IOException {
    Path top = folder().resolve(sources + "/dev/mixwell");
    return files(top).stream()
        .collect(
            Collectors.groupingBy(
                file ->
                    top.relativize(file.getParent())
                        .toString()
                        .replace('\\', '.')
                        .replace('/', '.')));
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) return List.of();
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
    }
  }
}
