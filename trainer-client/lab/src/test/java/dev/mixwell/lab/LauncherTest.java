package dev.mixwell.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code mixwell} in a checkout of its own, with a JDK and a Maven that only tell. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "..", "mixwell");
  private static final int MAX_LINES = 120;
  private static final String NOBODY = "65534";

  @TempDir Path directory;
  private Path home;
  private Path jdk;
  private Path bin;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    home = Files.createDirectories(directory.resolve("check out"));
    Files.copy(SCRIPT, home.resolve("mixwell"));
    Files.writeString(
        Files.createDirectory(home.resolve("dev")).resolve("help.txt"), "  train  x\n");
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.createDirectories(home.resolve("server/src/main"));
    program(
        home.resolve("server/src/build/start-cache.sh"), "echo \"cache $2\" >&2; echo aot >\"$3\"");
    jdk = directory.resolve("jdk");
    program(jdk.resolve("bin/javac"), "exit 1");
    program(jdk.resolve("bin/java"), "printf '%s\\n' \"LC_ALL=$LC_ALL\" \"$@\"");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    bin = directory.resolve("bin");
    program(
        bin.resolve("mvn"),
        """
        echo "mvn $*" >>"%s"
        for module in server trainer-client/lab; do
          mkdir -p "%s/$module/target/lib"
          touch "%s/$module/target/mixwell-${module##*/}-1.0-SNAPSHOT"{,-tests}.jar "%s/$module/target/lib/"{b,a}.jar
        done
        """
            .formatted(directory.resolve("mvn.log"), home, home, home));
  }

  private static void program(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), List.of(), arguments);
  }

  private Ended run(Map<String, String> environment, List<String> as, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(as);
    command.add(home.resolve("mixwell").toString());
    command.addAll(List.of(arguments));
    Path err = directory.resolve("err");
    var builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  private List<String> builds() throws IOException {
    Path log = directory.resolve("mvn.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private void touch(String file, int seconds) throws IOException {
    Files.setLastModifiedTime(
        home.resolve(file), FileTime.from(Instant.now().plusSeconds(seconds)));
  }

  @Test
  void itIsShort() throws IOException {
    long lines = Files.readAllLines(SCRIPT).size();
    assertTrue(lines <= MAX_LINES, lines + " lines: what is for developers only belongs in dev/");
  }

  @Test
  void theFirstStartBuildsAndTheNextDoesNotUntilASourceChanges() throws Exception {
    Ended first = run("index", "a b", "--json");
    assertEquals(0, first.status, first.err);
    assertTrue(first.err.contains("building server"), first.err);
    assertTrue(
        first.out.endsWith("dev.mixwell.server.ServerProgram\nindex\na b\n--json\n"), first.out);
    assertEquals("", run("verify-run", "x").err);
    assertEquals(1, builds().size());
    Path source = Files.writeString(home.resolve("server/src/main/A.java"), "class A {}");
    touch("server/src/main/A.java", 5);
    assertTrue(run("index").err.contains("building server"));
    assertTrue(Files.exists(source));
    assertEquals(2, builds().size());
  }

  @Test
  void aBuildOfTheLabIsOneOfTheServerToo() throws Exception {
    assertEquals(0, run("train").status);
    assertEquals("", run("index").err);
    assertEquals(1, builds().size());
  }

  @Test
  void librariesStandBesideTheJarByName() throws Exception {
    run("index");
    Ended ended = run(Map.of("MIXWELL_CLASSPATH", "mine.jar"), List.of(), "index");
    String target = home + "/server/target/";
    assertTrue(
        ended.out.contains(
            "-cp\n%smixwell-server-1.0-SNAPSHOT.jar:%slib/a.jar:%slib/b.jar:mine.jar\n"
                .formatted(target, target, target)),
        ended.out);
    assertTrue(builds().getFirst().contains("dependency:copy-dependencies"), builds().toString());
  }

  @Test
  void aServerStartsFromItsCacheAndEndsWhenItIsOutOfMemory() throws Exception {
    run("index");
    Ended first = run("serve", "--port", "0");
    assertTrue(first.err.contains("preparing fast starts"), first.err);
    Ended second = run("serve");
    assertEquals("", second.err);
    for (String option : List.of("-XX:AOTCache=", "-XX:+ExitOnOutOfMemoryError", "-Xms128m"))
      assertTrue(second.out.contains("\n" + option), second.out);
    Ended chosen = run(Map.of("JDK_JAVA_OPTIONS", "-Xmx1g"), List.of(), "serve");
    assertFalse(chosen.out.contains("-Xms128m"), chosen.out);
    assertTrue(chosen.out.contains("-XX:+ExitOnOutOfMemoryError"), chosen.out);
  }

  @Test
  void theEncodingIsUtf8WhateverTheLocale() throws Exception {
    for (String locale : List.of("C", "POSIX", "de_DE.ISO-8859-1")) {
      Ended ended = run(Map.of("LC_ALL", locale), List.of(), "index", "données/新闻");
      assertTrue(ended.out.startsWith("LC_ALL=C.UTF-8\n"), ended.out);
      assertTrue(ended.out.endsWith("données/新闻\n"), ended.out);
    }
  }

  @Test
  void beforeABuildHelpIsShownAndMistakesAreTold() throws Exception {
    assertEquals("  train  x\n", run("--help").out);
    assertEquals("  train  x\n", run().out);
    Ended mistake = run("trian");
    assertEquals(2, mistake.status);
    assertTrue(mistake.err.contains("There is no command trian"), mistake.err);
    assertEquals(List.of(), builds());
    assertTrue(run("train").out.contains("dev.mixwell.lab.LabProgram\ntrain\n"));
    assertTrue(run("trian").out.contains("LabProgram\ntrian\n"), "the program names the nearest");
  }

  @Test
  void developersCommandsAreScripts() throws Exception {
    program(home.resolve("dev/test"), "echo \"tests $*\"");
    assertEquals("tests SeatingTest -o\n", run("test", "SeatingTest", "-o").out);
  }

  @Test
  void aMissingJdkOrMavenIsNamed() throws Exception {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21\"\n");
    assumeTrue(bash("! grep -qs '^JAVA_VERSION=\"25' /usr/lib/jvm/*/release"), "it is found there");
    Ended ended = run("index");
    assertEquals(3, ended.status);
    assertTrue(ended.err.contains("no JDK 25"), ended.err);
  }

  @Test
  void itIsStartedThroughALinkAndFromAnywhere() throws Exception {
    run("index");
    Path link = Files.createSymbolicLink(bin.resolve("mixwell"), home.resolve("mixwell"));
    var builder = new ProcessBuilder(link.toString(), "index").directory(bin.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertTrue(out.contains(home + "/server/target/lib/a.jar"), out);
  }

  @Test
  void whatCannotBeReadIsNamedInASentence() throws Exception {
    run("index");
    Path jar = home.resolve("server/target/lib/b.jar");
    Files.delete(jar);
    Files.createSymbolicLink(jar, Path.of("/nowhere"));
    Ended ended = run("index");
    assertEquals(3, ended.status);
    assertEquals(1, ended.err.lines().count(), ended.err);
    assertTrue(ended.err.contains(jar + " cannot be read"), ended.err);
  }

  /** Two accounts, one build: as root this test becomes the other account. */
  @Test
  void anotherAccountRunsABuildWhereItCannotWrite() throws Exception {
    List<String> other =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    assumeTrue(
        System.getProperty("user.name").equals("root") && bash("command -v setpriv"),
        "as root only");
    Ended unbuilt = run(Map.of(), other, "index");
    assertEquals(3, unbuilt.status);
    assertTrue(unbuilt.err.contains("server is not built"), unbuilt.err);
    assertEquals(0, run("index").status);
    Ended ended = run(Map.of(), other, "serve");
    assertEquals(0, ended.status, ended.err);
    assertEquals("", ended.err);
    assertFalse(ended.out.contains("AOTCache"), "there is none, and it cannot be made");
    run("serve");
    assertTrue(run(Map.of(), other, "serve").out.contains("AOTCache"), "the owner has made one");
    touch("pom.xml", 5);
    Ended stale = run(Map.of(), other, "index");
    assertEquals(0, stale.status, stale.err);
    assertTrue(stale.err.contains("older than the sources"), stale.err);
    assertEquals(1, builds().size());
  }

  private static boolean bash(String condition) throws IOException, InterruptedException {
    return new ProcessBuilder("bash", "-c", condition).start().waitFor() == 0;
  }
}
