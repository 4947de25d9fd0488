package dev.mixwell.lab;

import dev.mixwell.cli.CommandFailed;
import dev.mixwell.cli.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command of developers, which is a script in {@code dev/}: the launcher starts it before any
 * Java runs. Here it stands in the help and in completions.
 */
final class ScriptCommand implements Callable<Integer> {
  private final String name;

  private ScriptCommand(String name) {
    this.name = name;
  }

  static CommandLine named(String name, String description) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(new ScriptCommand(name));
    spec.name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description);
    spec.usageMessage().footer("", "Example:", "  ./mixwell " + name + " --help");
    spec.parser().unmatchedArgumentsAllowed(true);
    return new CommandLine(spec);
  }

  @Override
  public Integer call() {
    throw new CommandFailed(
        Program.REFUSED,
        "This is the script dev/%s of a checkout: start it with ./mixwell %s."
            .formatted(name, name));
  }
}
