package dev.mixwell.run;

import java.util.function.LongSupplier;

/** Does the writer's work on the thread that wakes it: in simulations, where time is as told. */
record InlineWorker(RunWriter writer, LongSupplier clockMillis) implements Worker {
  @Override
  public void wake() {
    writer.doWork(clockMillis.getAsLong());
  }

  @Override
  public void close() {
    writer.close();
  }
}
