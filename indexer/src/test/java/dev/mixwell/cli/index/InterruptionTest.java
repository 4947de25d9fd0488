package dev.mixwell.cli.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.cli.Program;
import dev.mixwell.manifest.Manifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, stopped while they wait for more of a pipe. */
@EnabledOnOs(OS.LINUX)
final class InterruptionTest {
  private static final byte[] LINE = "{\"text\":\"0123456789\"}\n".getBytes(UTF_8);

  @TempDir Path directory;
  private Path pipe;
  private Path index;

  @BeforeEach
  void makePipe() throws IOException, InterruptedException {
    pipe = directory.resolve("in.jsonl");
    index = directory.resolve("index");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
  }

  @Test
  void terminatedRunLeavesNothing() throws IOException, InterruptedException {
    Process process = start(pipe);
    try (OutputStream out = Files.newOutputStream(pipe)) {
      feed(out);
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
    assertEquals(List.of("in.jsonl"), names());
  }

  @Test
  void interruptedRunSaysSoInASentence() throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Process process = new ProcessBuilder(command(pipe)).redirectError(log.toFile()).start();
    try (OutputStream out = Files.newOutputStream(pipe)) {
      feed(out);
      String pid = Long.toString(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
    assertEquals(Program.INTERRUPTED, process.exitValue());
    String said = Files.readString(log);
    assertTrue(said.endsWith("mixwell index: interrupted. Nothing was changed.\n"), said);
    assertEquals(2, said.lines().count(), said); // and where the meter stopped
    assertEquals(List.of("in.jsonl", "log"), names());
  }

  @Test
  void killedRunLeavesNoIndexAndTheNextRunTidiesUp() throws IOException, InterruptedException {
    Process process = start(pipe);
    try (OutputStream out = Files.newOutputStream(pipe)) {
      feed(out);
      process.destroyForcibly();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
    assertTrue(Files.notExists(index));
    assertTrue(names().contains(".index.partial"), names().toString());
    assertEquals(0, finish());
    assertEquals(List.of("in.jsonl", "index", "whole.jsonl"), names());
  }

  @Test
  void secondProcessOnTheSameOutputIsRefused() throws IOException, InterruptedException {
    Process first = start(pipe);
    try (OutputStream out = Files.newOutputStream(pipe)) {
      feed(out);
      assertEquals(Program.REFUSED, finish());
    }
    assertTrue(first.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, first.exitValue());
    assertTrue(Manifest.read(index).documents() > 1);
  }

  @Test
  void indexLostBetweenTwoRenamesComesBack() throws IOException, InterruptedException {
    assertEquals(0, finish());
    String before = Manifest.read(index).sha256();
    Files.move(index, directory.resolve(".index.replaced"));
    assertEquals(Program.REFUSED, finish());
    assertEquals(before, Manifest.read(index).sha256());
  }

  @Test
  void terminatedAddLeavesTheIndexAsItWas() throws IOException, InterruptedException {
    assertEquals(0, finish());
    String before = Manifest.read(index).sha256();
    addUntil(Process::destroy);
    assertEquals(before, Manifest.read(index).sha256());
    try (var left = Files.list(index.resolve("generations"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void killedAddLeavesTheIndexAsItWasAndTheNextOneTidiesUp()
      throws IOException, InterruptedException {
    assertEquals(0, finish());
    String before = Manifest.read(index).sha256();
    addUntil(Process::destroyForcibly);
    assertEquals(before, Manifest.read(index).sha256());
    assertEquals(0, ended(command(directory.resolve("whole.jsonl"), "--add")));
    assertEquals(2, Manifest.read(index).documents());
    try (var left = Files.list(index.resolve("generations"))) {
      assertEquals(1, left.count());
    }
  }

  /** The bound on a file's size fails the write of another file each time it grows. */
  @Test
  void aDiskThatFillsAnywhereLeavesTheIndexAsItWas() throws IOException, InterruptedException {
    assertEquals(0, finish());
    String before = Manifest.read(index).sha256();
    Path whole = directory.resolve("whole.jsonl");
    Files.write(whole, Collections.nCopies(20_000, new String(LINE, UTF_8).strip()));
    for (int kibibytes : new int[] {1, 40, 300}) {
      var command =
          new ArrayList<>(
              List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
      command.addAll(command(whole, "--add"));
      assertEquals(Program.FAILED, ended(command), kibibytes + " KiB");
      assertEquals(before, Manifest.read(index).sha256());
    }
    assertEquals(0, ended(command(whole, "--add")));
    assertEquals(20_001, Manifest.read(index).documents());
  }

  private void addUntil(Consumer<Process> end) throws IOException, InterruptedException {
    Process process = started(command(pipe, "--add"));
    try (OutputStream out = Files.newOutputStream(pipe)) {
      for (int i = 0; i < 50_000; i++) out.write(LINE);
      out.flush();
      assertTrue(Files.exists(index.resolve("generations/.00002.partial")));
      end.accept(process);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
  }

  private static int ended(List<String> command) throws IOException, InterruptedException {
    Process process = started(command);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  @Test
  void fullDiskLeavesNothing() throws IOException, InterruptedException {
    Path whole = directory.resolve("whole.jsonl");
    Files.write(whole, Collections.nCopies(100_000, new String(LINE, UTF_8).strip()));
    var command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 100; exec \"$@\"", "bash"));
    command.addAll(command(whole)); // no file longer than 100 KiB: writing fails as on a full disk
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(Program.FAILED, process.exitValue());
    assertTrue(Files.readString(log).contains("Nothing was changed."));
    assertEquals(List.of("in.jsonl", "log", "whole.jsonl"), names());
  }

  /** Returns when the process has read lines: a pipe holds 64 KiB, the rest has gone through it. */
  private void feed(OutputStream out) throws IOException {
    for (int i = 0; i < 50_000; i++) out.write(LINE);
    out.flush();
    assertTrue(Files.exists(directory.resolve(".index.partial")));
  }

  private int finish() throws IOException, InterruptedException {
    Path whole = Files.write(directory.resolve("whole.jsonl"), LINE);
    Process process = start(whole);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  private Process start(Path input) throws IOException {
    return started(command(input));
  }

  private static Process started(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> command(Path input, String... more) {
    var command = new ArrayList<>(List.of(more));
    command.addAll(0, command(input));
    return command;
  }

  private List<String> command(Path input) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Indexing.class.getName(),
        input.toString(),
        "--out",
        index.toString(),
        "--threads",
        "2");
  }

  private List<String> names() throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
