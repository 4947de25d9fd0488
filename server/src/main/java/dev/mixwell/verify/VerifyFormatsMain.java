package dev.mixwell.verify;

import dev.mixwell.index.QuietLibraries;
import picocli.CommandLine;

/** {@code mixwell verify-formats}. */
public final class VerifyFormatsMain {
  private VerifyFormatsMain() {}

  public static void main(String[] args) {
    QuietLibraries.silence();
    System.exit(new CommandLine(new VerifyFormatsCommand()).execute(args));
  }
}
