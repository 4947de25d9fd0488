package dev.mixwell.run;

/** Who does a run's writing: a thread of its own, or in a simulation whoever wakes it. */
interface Worker extends AutoCloseable {
  /** To be called after each submitted command. */
  void wake();

  @Override
  void close();
}
