package dev.mixwell.bench;

import dev.mixwell.api.RunSpec;
import dev.mixwell.mixer.Proportions;
import dev.mixwell.sampler.Composer;
import dev.mixwell.sampler.Composition;
import dev.mixwell.sampler.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
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

/** Planning: one step composed from its proportions, each from where the step before ended. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlanningBenchmark {
  @Param({"7", "64", "1000"})
  int groups = 7;

  @Param({"8", "1024"})
  int batchRows = 8;

  private Composer composer = new Composer(spec(1, 1), new long[] {1});
  private Position at = Position.start(1);
  private Proportions q = Proportions.uniform(1);
  private long step;

  @Setup
  public void begin() {
    long[] rows = new long[groups];
    Arrays.fill(rows, 1_000_000);
    composer = new Composer(spec(groups, batchRows), rows);
    at = Position.start(groups);
    q = Proportions.normalised(new SplittableRandom(1).doubles(groups, 0.1, 1).toArray());
  }

  @Benchmark
  public Composition step() {
    var request = new Composer.Request(step++, q, true, false, 0);
    var composed = composer.compose(at, request);
    if (composed instanceof Composition.Units units) at = units.after();
    return composed;
  }

  private static RunSpec spec(int groups, int batchRows) {
    var list = new ArrayList<RunSpec.Group>();
    for (int i = 0; i < groups; i++) list.add(new RunSpec.Group("g" + i, "tag:g" + i));
    return RunSpec.draft(1, list, batchRows, 2_048).spec();
  }
}
