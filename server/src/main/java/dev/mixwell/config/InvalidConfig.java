package dev.mixwell.config;

/**
 * The configuration cannot be used; the message names the key, its value and what to write instead.
 */
public final class InvalidConfig extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidConfig(String message) {
    super(message, null, false, false);
  }
}
