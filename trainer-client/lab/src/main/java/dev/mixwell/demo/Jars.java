package dev.mixwell.demo;

import dev.mixwell.base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fetches jars through Maven, so that its mirrors, proxies and local repository serve as everywhere
 * else. A jar that is there with its pinned digest is not fetched again.
 */
final class Jars {
  private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1";

  private Jars() {}

  /**
   * @param folder receives the jars; made if it is not there
   * @throws IOException if Maven fails or a digest differs; the message says which and what to do
   */
  static void fetch(List<Jar> jars, Path folder) throws IOException {
    Files.createDirectories(folder);
    var missing = jars.stream().filter(jar -> !jar.isIntact(folder)).toList();
    if (missing.isEmpty()) return;
    Path pom = folder.resolve("pom.xml");
    Files.writeString(pom, pom(missing, folder.toAbsolutePath()));
    copy(pom, folder.resolve("maven.log"));
    for (Jar jar : missing) {
      if (!jar.isIntact(folder))
        throw new IOException(
            "%s is not the pinned file: its SHA-256 is %s, expected %s. A repository in between may have changed it: clear it there and in the local repository, then start again."
                .formatted(
                    jar.coordinates(), Sha256.of(folder.resolve(jar.fileName())), jar.sha256()));
    }
  }

  private static void copy(Path pom, Path log) throws IOException {
    var command = List.of("mvn", "-q", "-B", "-f", pom.toString(), PLUGIN + ":copy");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process maven;
    try {
      maven = builder.redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new IOException("Maven (mvn) is not on PATH; the demo fetches its text through it.", e);
    }
    try {
      if (maven.waitFor() == 0) return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Maven fetched the demo's text", e);
    } finally {
      maven.destroy();
    }
    throw new IOException(
        "Maven could not fetch the demo's text (39 MB, once). Is Maven Central or a mirror in reach? It said (see "
            + log
            + "):\n"
            + firstError(log));
  }

  private static String firstError(Path log) throws IOException {
    try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines.filter(line -> line.contains("ERROR")).findFirst().orElse("nothing");
    }
  }

  private static String pom(List<Jar> jars, Path folder) {
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
        <groupId>dev.mixwell</groupId><artifactId>demo-text</artifactId><version>1</version><packaging>pom</packaging>
        <build><plugins><plugin>
        <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId>
        <configuration><outputDirectory>%s</outputDirectory><overWriteReleases>true</overWriteReleases>
        <artifactItems>
        %s
        </artifactItems></configuration>
        </plugin></plugins></build></project>
        """
        .formatted(folder, jars.stream().map(Jars::item).collect(Collectors.joining("\n")));
  }

  private static String item(Jar jar) {
    String[] part = jar.coordinates().split(":");
    String classifier = part.length < 4 ? "" : "<classifier>" + part[3] + "</classifier>";
    return "<artifactItem><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s<destFileName>%s</destFileName></artifactItem>"
        .formatted(part[0], part[1], part[2], classifier, jar.fileName());
  }
}
