package dev.mixwell.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * run in one shell, which the first that fails ends. A server, which the page starts in a terminal
 * of its own, runs beside the shell on a free port; the port that the page names means that one.
 *
 * @param lines of the page's blocks
 */
record ShellWalk(List<String> lines) {
  private static final String PRINTS = "# -> ";
  private static final String MARK = "@@ walk ";
  private static final String SERVES = "./mixwell serve ";
  private static final String ADDRESS = "127.0.0.1:8080";
  private static final long HANG_SECONDS = 120;

  /**
   * The bash blocks from the heading that has this text in it to the one that has the other in it,
   * or to the page's end; empty if there is none.
   */
  static Optional<ShellWalk> find(String page, String heading, String endHeading) {
    var blocks = new ArrayList<String>();
    boolean isAfterHeading = false;
    boolean isInside = false;
    for (String line : page.lines().toList()) {
      if (isInside && line.strip().equals("```")) isInside = false;
      else if (isInside) blocks.add(line);
      else if (line.startsWith("#") && line.contains(endHeading)) isAfterHeading = false;
      else if (line.startsWith("#") && line.contains(heading)) isAfterHeading = true;
      else if (isAfterHeading && line.strip().equals("```bash")) isInside = true;
    }
    return blocks.isEmpty() ? Optional.empty() : Optional.of(new ShellWalk(blocks));
  }

  /** Runs all commands and holds them to what the page says. */
  void run(Path folder, Map<String, String> variables) throws Exception {
    var script = new ArrayList<String>(List.of("set -euo pipefail"));
    var promised = new ArrayList<List<String>>();
    boolean isPrinted = false;
    for (String line : lines) {
      if (!line.startsWith(PRINTS)) {
        script.addAll(line.startsWith(SERVES) ? serving(line) : List.of(line));
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

  private static List<String> serving(String line) {
    return List.of(
        "exec 3< <(exec " + line + " --port 0)",
        "server=$!; trap 'kill $server' EXIT",
        "while read -r said <&3; do [[ $said = *serving* ]] && break; done",
        "[[ $said =~ 127.0.0.1:([0-9]+) ]]",
        "PORT=${BASH_REMATCH[1]}",
        "echo \"${said/$PORT/8080}\"");
  }

  private static String output(Path folder, List<String> script, Map<String, String> variables)
      throws Exception {
    String text = String.join("\n", script).replace(ADDRESS, "127.0.0.1:${PORT:-8080}");
    Path file = Files.writeString(folder.resolve("walk.sh"), text);
    Path printed = folder.resolve("walk.out");
    var builder = new ProcessBuilder("bash", file.toString());
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(printed.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MIXWELL_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
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
      throw new UncheckedIOException(e);
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
