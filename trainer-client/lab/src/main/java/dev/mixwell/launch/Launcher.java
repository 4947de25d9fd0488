package dev.mixwell.launch;

import java.io.IOException;
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
   * @throws IllegalStateException if none did
   */
  public static Launcher ofThisProcess() {
    String script = System.getProperty(PROPERTY);
    if (script == null)
      throw new IllegalStateException(
          "this command starts others: start it with the script ./mixwell");
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

  /** Runs a command with its output on this process's own. */
  public void run(List<String> arguments) throws IOException, InterruptedException {
    int status = command(arguments).inheritIO().start().waitFor();
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
