package dev.mixwell.experiment;

import picocli.CommandLine;

/** {@code mixwell experiment}. */
public final class ExperimentMain {
  private ExperimentMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new ExperimentCommand()).execute(args));
  }
}
