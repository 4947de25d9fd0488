package dev.mixwell.cli.groups;

import dev.mixwell.base.Refusal;
import dev.mixwell.cli.QuietLibraries;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program {@code mixwell groups}.
 *
 * <p>Exit codes: 0 done; 1 refused; 2 a wrong command line.
 */
public final class GroupsMain {
  static final int REFUSED = 1;

  private GroupsMain() {}

  @Command(
      name = "mixwell groups",
      mixinStandardHelpOptions = true,
      subcommands = TryCommand.class,
      description = "Looks at groups before a run has them.",
      footer = {"", "Example:", "  mixwell groups try 'source:wiki' --index index"})
  private static final class GroupsCommand {}

  public static void main(String[] arguments) {
    QuietLibraries.silence();
    System.exit(commandLine().execute(arguments));
  }

  /** The command line; tests set its writers. */
  static CommandLine commandLine() {
    return new CommandLine(new GroupsCommand())
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              if (!(failure instanceof Refusal refusal)) throw failure;
              command.getErr().println("mixwell groups: " + refusal.detail());
              return REFUSED;
            });
  }
}
