package dev.mixwell.launch;

import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The script {@code mixwell}, which finds a JDK and builds what changed before it runs a command.
 */
public record Launcher(Path script) {
  private static final String PROPERTY = "mixwell.launcher";

  /**
   * The script that started this process.
   *
   * @throws CommandFailed if none did
   */
  public static Launcher ofThisProcess() {
    String script = System.getProperty(PROPERTY);
    if (script == null)
      throw new CommandFailed(
          Program.REFUSED, "This command starts others: start it with the script ./mixwell.");
    return new Launcher(Path.of(script));
  }

  /** The folder of the script: the root of the checkout. */
  public Path home() {
    Path folder = script.toAbsolutePath().getParent();
    return folder == null ? Path.of(".") : folder;
  }

  /**
   * Starts a command beside this process.
   *
   * @param log gets what the command prints
   */
  public Child start(Path log, List<String> arguments) throws IOException {
    return Child.start(arguments.getFirst(), command(arguments), log);
  }

  /**
   * Runs a command; its errors go to this process's own.
   *
   * @param out gets what it prints
   */
  public void run(List<String> arguments, PrintWriter out)
      throws IOException, InterruptedException {
    ProcessBuilder command = command(arguments).redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = command.start();
    process.getOutputStream().close();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(out::println);
    }
    out.flush();
    int status = process.waitFor();
    if (status != 0)
      throw new IOException(
          "`mixwell " + String.join(" ", arguments) + "` ended with status " + status);
  }

  private ProcessBuilder command(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(script.toString());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
