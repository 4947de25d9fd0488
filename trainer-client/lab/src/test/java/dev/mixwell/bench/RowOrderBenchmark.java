package dev.mixwell.bench;

import dev.mixwell.group.RowOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The permutation: the row at one place of an epoch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowOrderBenchmark {
  @Param({"9765", "1000000000"})
  long rows = 9_765;

  private RowOrder order = new RowOrder(1, 0, 1);
  private long position;

  @Setup
  public void key() {
    order = new RowOrder(1, 0, rows);
  }

  @Benchmark
  public long row() {
    long at = position++;
    return order.row(at / rows, at % rows);
  }
}
