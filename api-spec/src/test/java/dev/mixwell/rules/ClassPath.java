package dev.mixwell.rules;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The jars beside a module whose dependencies are few on purpose. */
final class ClassPath {
  private static final String ALWAYS = "jackson-(annotations|core|databind)-.*|jspecify-.*";
  private static final String OF_TESTS = "junit-.*|opentest4j-.*|apiguardian-api-.*|surefire-.*";

  private ClassPath() {}

  /**
   * What is on this test's class path and should not be: a line each.
   *
   * @param pom the file to mend
   * @param allowed regular expressions of file names, beside Jackson and JSpecify
   */
  static List<String> strangers(String pom, String... allowed) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).getFileName().toString())
        .filter(name -> name.endsWith(".jar") && !name.matches(ALWAYS + "|" + OF_TESTS))
        .filter(name -> Arrays.stream(allowed).noneMatch(name::matches))
        .map(
            name ->
                "%s is on the class path: take the dependency that brings it out of %s"
                    .formatted(name, pom))
        .toList();
  }
}
