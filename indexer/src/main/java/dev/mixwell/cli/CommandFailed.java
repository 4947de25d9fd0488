package dev.mixwell.cli;

/**
 * A command cannot go on; the message is a sentence for whoever started it: what, where, what to
 * do.
 */
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * @param status of the process, such as {@link Program#REFUSED}
   */
  public CommandFailed(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }
}
