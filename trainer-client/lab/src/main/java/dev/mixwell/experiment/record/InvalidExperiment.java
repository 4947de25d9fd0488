package dev.mixwell.experiment.record;

/** An experiment that cannot be run as it is written; the message says where and what to do. */
public final class InvalidExperiment extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidExperiment(String message) {
    super(message, null, false, false);
  }
}
