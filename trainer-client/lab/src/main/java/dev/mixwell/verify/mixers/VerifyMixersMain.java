package dev.mixwell.verify.mixers;

import picocli.CommandLine;

/** {@code mixwell verify-mixers}. */
public final class VerifyMixersMain {
  private VerifyMixersMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new VerifyMixersCommand()).execute(args));
  }
}
