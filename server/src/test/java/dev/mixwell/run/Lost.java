package dev.mixwell.run;

/** No answer came: the request may have been executed or not. */
final class Lost extends RuntimeException {
  private static final long serialVersionUID = 1;

  Lost() {
    super("lost", null, false, false);
  }
}
