package dev.mixwell.server;

import dev.mixwell.cli.Program;
import dev.mixwell.cli.groups.GroupsCommand;
import dev.mixwell.cli.index.IndexCommand;
import dev.mixwell.verify.VerifyRunCommand;

/** The program {@code mixwell} as a published image has it: to make, try, serve and verify. */
public final class ServerProgram {
  private ServerProgram() {}

  public static void main(String[] arguments) {
    preloadFor(arguments);
    program().runAndExit(arguments);
  }

  static Program program() {
    return new Program(
        new IndexCommand(), new GroupsCommand(), new ServeCommand(), new VerifyRunCommand());
  }

  /** The command that has to start fast loads its classes while the command line is read. */
  private static void preloadFor(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("serve")) ServeCommand.preload();
  }
}
