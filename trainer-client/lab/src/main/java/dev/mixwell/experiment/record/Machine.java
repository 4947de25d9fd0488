package dev.mixwell.experiment.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an experiment runs on, in words. */
public final class Machine {
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** Processor, cores, memory, GPU if there is one, and JDK. */
  public static String describe() {
    var parts = new ArrayList<String>();
    parts.add(field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")));
    parts.add(Runtime.getRuntime().availableProcessors() + " cores");
    field("/proc/meminfo", "MemTotal").map(Machine::gibibytes).ifPresent(parts::add);
    firstLine(List.of("nvidia-smi", "--query-gpu=name", "--format=csv,noheader"))
        .ifPresent(parts::add);
    parts.add("JDK " + System.getProperty("java.version"));
    return String.join(", ", parts);
  }

  /** The commit of the checkout at {@code home}, and whether files differ from it. */
  public static String commit(Path home) {
    String git = home.toString();
    return firstLine(List.of("git", "-C", git, "rev-parse", "--short=12", "HEAD"))
        .map(
            commit ->
                firstLine(List.of("git", "-C", git, "status", "--porcelain", "-uno")).isPresent()
                    ? commit + " with changes"
                    : commit)
        .orElse(UNKNOWN);
  }

  private static Optional<String> field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Of {@code 16384256 kB}. */
  private static String gibibytes(String kibibytes) {
    return Math.round(Double.parseDouble(kibibytes.split(" ", 2)[0]) / (1 << 20)) + " GiB";
  }

  /** Of a command's output; empty if there is no such command, it fails or says nothing. */
  private static Optional<String> firstLine(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
