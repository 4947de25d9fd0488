package dev.mixwell.trainer;

import picocli.CommandLine;

/** Runs {@link TrainCommand} in a process of its own. */
public final class TrainMain {
  private TrainMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new TrainCommand()).execute(args));
  }
}
