package dev.mixwell.cli;

/**
 * A command that ends well when it is interrupted: at Ctrl-C or a TERM signal its thread is
 * interrupted, and the process waits until the command has tidied up.
 */
public interface Interruptible {
  /**
   * What is left when the command is interrupted, or reading or writing fails, as a sentence such
   * as {@code Nothing was changed.}
   */
  String whatIsLeft();
}
