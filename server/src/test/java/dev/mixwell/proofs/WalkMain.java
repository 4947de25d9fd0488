package dev.mixwell.proofs;

import dev.mixwell.cli.index.IndexCommand;
import dev.mixwell.server.ServeCommand;
import java.util.Arrays;
import picocli.CommandLine;

/** The commands {@code index} and {@code serve} as a program, for a walk that has no launcher. */
final class WalkMain {
  private WalkMain() {}

  public static void main(String... arguments) {
    Object command =
        switch (arguments[0]) {
          case "index" -> new IndexCommand();
          case "serve" -> new ServeCommand();
          default -> throw new IllegalArgumentException("the walk has no " + arguments[0]);
        };
    String[] others = Arrays.copyOfRange(arguments, 1, arguments.length);
    System.exit(new CommandLine(command).execute(others));
  }
}
