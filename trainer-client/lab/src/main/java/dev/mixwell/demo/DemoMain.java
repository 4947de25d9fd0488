package dev.mixwell.demo;

import picocli.CommandLine;

/** {@code mixwell demo}. */
public final class DemoMain {
  private DemoMain() {}

  public static void main(String[] args) {
    var commandLine = new CommandLine(new DemoCommand());
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("mixwell: the demo stopped: " + failure.getMessage());
          return 1;
        });
    System.exit(commandLine.execute(args));
  }
}
