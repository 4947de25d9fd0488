package dev.mixwell.verify.formats;

import dev.mixwell.cli.QuietLibraries;
import picocli.CommandLine;

/** {@code mixwell verify-formats}. */
public final class VerifyFormatsMain {
  private VerifyFormatsMain() {}

  public static void main(String[] args) {
    QuietLibraries.silence();
    System.exit(new CommandLine(new VerifyFormatsCommand()).execute(args));
  }
}
