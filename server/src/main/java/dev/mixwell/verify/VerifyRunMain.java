package dev.mixwell.verify;

import dev.mixwell.cli.QuietLibraries;
import picocli.CommandLine;

/** {@code mixwell verify-run}. */
public final class VerifyRunMain {
  private VerifyRunMain() {}

  public static void main(String[] args) {
    QuietLibraries.silence();
    System.exit(new CommandLine(new VerifyRunCommand()).execute(args));
  }
}
