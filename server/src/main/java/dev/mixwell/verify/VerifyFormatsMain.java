package dev.mixwell.verify;

import picocli.CommandLine;

/** {@code mixwell verify-formats}. */
public final class VerifyFormatsMain {
  private VerifyFormatsMain() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new VerifyFormatsCommand()).execute(args));
  }
}
