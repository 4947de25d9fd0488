package dev.mixwell.cli.index;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.QuietLibraries;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * The program {@code mixwell index}.
 *
 * <p>Exit codes: 0 done; 1 refused, or the disk failed, with nothing changed; 2 a wrong command
 * line; 130 interrupted.
 */
public final class IndexMain {
  static final String VERSION = "Mixwell 0.1.0";

  public static final int REFUSED = 1;
  public static final int INTERRUPTED = 130;

  private IndexMain() {}

  public static void main(String[] arguments) {
    QuietLibraries.silence();
    System.exit(commandLine().execute(arguments));
  }

  /** The command line; tests set its writers. */
  public static CommandLine commandLine() {
    return new CommandLine(new IndexCommand())
        .setCommandName("mixwell index")
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, _) -> report(failure, command.getErr()));
  }

  private static int report(Exception failure, PrintWriter err) throws Exception {
    switch (failure) {
      case Refusal refusal -> err.println("mixwell index: " + refusal.detail());
      case InterruptedException _ -> {
        err.println("mixwell index: interrupted; nothing was changed.");
        return INTERRUPTED;
      }
      case IOException e ->
          err.println(
              "mixwell index: reading or writing failed: %s. Nothing was changed; check the disk."
                  .formatted(e));
      default -> throw failure;
    }
    return REFUSED;
  }
}
