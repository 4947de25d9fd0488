package dev.mixwell.server;

import picocli.CommandLine;

/** Entry point of {@code mixwell serve}. */
public final class ServeMain {
  private ServeMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ServeCommand()).execute(arguments));
  }
}
