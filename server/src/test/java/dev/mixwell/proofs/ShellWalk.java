package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A page's commands, with what the page says that they print. A line {@code # -> text} after a
 * command says that its output has that text; {@code ...} in it stands for anything. All commands
 * run in one shell, which the first that fails ends.
 *
 * @param lines of the page's block
 */
record ShellWalk(List<String> lines) {
  private static final String PRINTS = "# -> ";
  private static final String MARK = "@@ walk ";
  private static final long HANG_SECONDS = 120;

  /** The first bash block after the heading that has this text in it, if there is one. */
  static Optional<ShellWalk> find(String page, String heading) {
    var block = new ArrayList<String>();
    boolean isAfterHeading = false;
    boolean isInside = false;
    for (String line : page.lines().toList()) {
      if (isInside && line.strip().equals("```")) return Optional.of(new ShellWalk(block));
      if (isInside) block.add(line);
      else if (line.startsWith("#") && line.contains(heading)) isAfterHeading = true;
      else if (isAfterHeading && line.strip().equals("```bash")) isInside = true;
    }
    return Optional.empty();
  }

  /** Runs all commands and holds them to what the page says. */
  void run(Path folder, Map<String, String> variables) throws Exception {
    var script = new ArrayList<String>(List.of("set -euo pipefail"));
    var promised = new ArrayList<List<String>>();
    boolean isPrinted = false;
    for (String line : lines) {
      if (!line.startsWith(PRINTS)) {
        script.add(line);
        isPrinted = false;
        continue;
      }
      if (!isPrinted) {
        script.add("echo; echo '" + MARK + promised.size() + "'");
        promised.add(new ArrayList<>());
      }
      isPrinted = true;
      promised.getLast().add(line.substring(PRINTS.length()).strip());
    }
    check(output(folder, script, variables), promised);
  }

  private static String output(Path folder, List<String> script, Map<String, String> variables)
      throws Exception {
    Path file = Files.write(folder.resolve("walk.sh"), script);
    Path printed = folder.resolve("walk.out");
    var builder = new ProcessBuilder("bash", file.toString());
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(printed.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("a command hangs after: " + Files.readString(printed));
    }
    assertEquals(0, process.exitValue(), () -> "a command failed after: " + text(printed));
    return text(printed);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void check(String output, List<List<String>> promised) {
    assertTrue(!promised.isEmpty(), "the walk says of nothing what it prints");
    int from = 0;
    for (int i = 0; i < promised.size(); i++) {
      int end = output.indexOf(MARK + i + "\n", from);
      String printed = output.substring(from, end);
      for (String fragment : promised.get(i)) assertPrinted(fragment, printed);
      from = end;
    }
  }

  private static void assertPrinted(String fragment, String printed) {
    int at = 0;
    for (String part : fragment.split("\\.\\.\\.")) {
      int found = printed.indexOf(part.strip(), at);
      assertTrue(found >= 0, "`" + fragment + "` is not in: " + printed);
      at = found + part.strip().length();
    }
  }
}
