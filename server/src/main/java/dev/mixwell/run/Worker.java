package dev.mixwell.run;

/** Who does a run's writing: a thread of its own, or in a simulation whoever wakes it. */
interface Worker extends AutoCloseable {
  /** Whoever submits a command calls this: there is work. */
  void wake();

  @Override
  void close();
}
