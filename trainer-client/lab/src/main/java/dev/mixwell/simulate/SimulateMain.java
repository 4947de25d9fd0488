package dev.mixwell.simulate;

import picocli.CommandLine;

/** {@code mixwell simulate}. */
public final class SimulateMain {
  private SimulateMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new SimulateCommand()).execute(args));
  }
}
