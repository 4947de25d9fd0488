package dev.mixwell.experiment;

/** An experiment that cannot be run as it is written; the message says where and what to do. */
final class InvalidExperiment extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidExperiment(String message) {
    super(message, null, false, false);
  }
}
