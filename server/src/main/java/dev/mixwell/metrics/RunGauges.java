package dev.mixwell.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Where each run stands, read when a scrape asks: no state of its own. Thread-safe if its source is. */
public final class RunGauges implements MultiCollector {
  /** A value of a run ({@code group} empty) or of one of its groups. */
  public record Reading(String name, String what, String run, String group, double value) {}

  private final Supplier<List<Reading>> source;

  public RunGauges(Supplier<List<Reading>> source) {
    this.source = source;
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    for (Reading r : source.get()) {
      var gauge = gauges.computeIfAbsent(r.name(), name -> GaugeSnapshot.builder().name(name).help(r.what()));
      Labels labels = r.group().isEmpty() ? Labels.of("run", r.run()) : Labels.of("run", r.run(), "group", r.group());
      gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(r.value()).build());
    }
    var all = new ArrayList<MetricSnapshot>();
    gauges.values().forEach(gauge -> all.add(gauge.build()));
    return new MetricSnapshots(all);
  }
}
