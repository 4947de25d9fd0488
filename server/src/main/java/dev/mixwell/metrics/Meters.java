package dev.mixwell.metrics;

import dev.mixwell.base.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The meters of one server. Thread-safe; reporting allocates nothing once a run is known. */
public final class Meters implements AutoCloseable {
  private static final Duration[] PULL_BUCKETS = {
    Duration.ofNanos(100_000), Duration.ofNanos(300_000), Duration.ofMillis(1),
        Duration.ofMillis(3), Duration.ofMillis(10),
    Duration.ofMillis(30), Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofSeconds(1),
        Duration.ofSeconds(30)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, OfRun> runs = new ConcurrentHashMap<>();
  private final Map<ProblemType, Counter> problems = new EnumMap<>(ProblemType.class);

  public Meters() {
    for (ProblemType type : ProblemType.values())
      problems.put(
          type,
          Counter.builder("mixwell.problems." + type.slug())
              .description(type.title())
              .register(registry));
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    Gauge.builder("mixwell.jvm.heap.used", memory, m -> m.getHeapMemoryUsage().getUsed())
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("mixwell.jvm.threads", threads, t -> t.getThreadCount()).register(registry);
  }

  /** The meters of one run, to be asked for only once the run is known to exist. */
  public OfRun of(String run) {
    return runs.computeIfAbsent(run, OfRun::new);
  }

  public void problem(ProblemType type) {
    Counter counter = problems.get(type);
    if (counter != null) counter.increment();
  }

  /** Adds gauges that are read at each scrape. */
  public void add(RunGauges gauges) {
    registry.getPrometheusRegistry().register(gauges);
  }

  /** Adds a number that is read at each scrape. */
  public void add(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Prometheus' text format, version 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }

  /** What one run's requests did. */
  public final class OfRun {
    private final Counter batches;
    private final Counter bytes;
    private final Counter posts;
    private final Counter undecided;
    private final Timer pulls;

    private OfRun(String run) {
      batches = counter("mixwell.batches.served", "Batch bodies sent", run).register(registry);
      bytes =
          counter("mixwell.batches.sent", "Bytes of batch bodies sent", run)
              .baseUnit("bytes")
              .register(registry);
      posts =
          counter("mixwell.feedback.posts", "Posts of feedback acknowledged", run)
              .register(registry);
      undecided =
          counter("mixwell.undecided.waits", "Pulls that ended because feedback was missing", run)
              .register(registry);
      pulls =
          Timer.builder("mixwell.pull")
              .description(
                  "From a pull's arrival until its body is sent, waits for feedback included")
              .tag("run", run)
              .serviceLevelObjectives(PULL_BUCKETS)
              .register(registry);
    }

    private static Counter.Builder counter(String name, String what, String run) {
      return Counter.builder(name).description(what).tag("run", run);
    }

    public void served(long sizeBytes) {
      batches.increment();
      bytes.increment(sizeBytes);
    }

    public void pulled(long nanos) {
      pulls.record(Duration.ofNanos(nanos));
    }

    public void posted() {
      posts.increment();
    }

    public void undecided() {
      undecided.increment();
    }
  }
}
