package dev.mixwell.run;

/** A promise that did not hold in a simulation. */
final class Broken extends AssertionError {
  private static final long serialVersionUID = 1;

  /** The promise, in a word: what a shrunk schedule must break too. */
  final String promise;

  Broken(String promise, String detail) {
    super(promise + ": " + detail);
    this.promise = promise;
  }

  Broken(String promise, String detail, Throwable cause) {
    super(promise + ": " + detail, cause);
    this.promise = promise;
  }
}
