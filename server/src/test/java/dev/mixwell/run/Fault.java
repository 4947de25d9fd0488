package dev.mixwell.run;

/** What goes wrong around one request of a simulated trainer. */
enum Fault {
  NONE,
  /** The request never arrives. */
  REQUEST_LOST,
  /** The answer never arrives. */
  RESPONSE_LOST,
  /** The server dies between the forced write and the answer. */
  CRASH,
  /** The server dies in the append, before anything is written. */
  CRASH_BEFORE_WRITE,
  /** The server dies in the append, after all is written. */
  CRASH_AFTER_WRITE,
  /** The append fails and has written nothing. */
  FAIL_BEFORE_WRITE,
  /** The append fails though all is written. */
  FAIL_AFTER_WRITE;

  /** Whether whoever asked learns nothing, whatever became of the request. */
  boolean losesAnswer() {
    return this == REQUEST_LOST || this == RESPONSE_LOST || this == CRASH;
  }
}
