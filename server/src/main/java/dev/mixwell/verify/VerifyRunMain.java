package dev.mixwell.verify;

import picocli.CommandLine;

/** {@code mixwell verify-run}. */
public final class VerifyRunMain {
  private VerifyRunMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new VerifyRunCommand()).execute(args));
  }
}
