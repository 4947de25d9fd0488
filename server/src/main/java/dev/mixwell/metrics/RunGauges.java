package dev.mixwell.metrics;

import dev.mixwell.api.MixerView;
import dev.mixwell.api.MixtureAnswer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where each run stands, read when a scrape asks: no state of its own. Thread-safe if its source
 * is.
 */
public final class RunGauges implements MultiCollector {
  /**
   * What a run answers about itself.
   *
   * @param folds updates of its mixers
   * @param foldNanos all of them took
   * @param reason why it does not go on, in a word; null while it does
   */
  public record Standing(
      MixtureAnswer mixture,
      MixerView mixer,
      long folds,
      long foldNanos,
      @Nullable String reason) {}

  private static final double NANOS = 1e9;

  private final Supplier<Map<String, Standing>> source;

  /**
   * @param source the runs by name
   */
  public RunGauges(Supplier<Map<String, Standing>> source) {
    this.source = source;
  }

  @Override
  public MetricSnapshots collect() {
    var gauges = new Gauges();
    source.get().forEach(gauges::add);
    return gauges.snapshots();
  }

  private static final class Gauges {
    private final Map<String, GaugeSnapshot.Builder> byName = new LinkedHashMap<>();
    private final SummarySnapshot.Builder mixerTime =
        SummarySnapshot.builder()
            .name("mixwell_mixer_seconds")
            .help("Spent in updates of the mixer since the server opened the run");

    private void add(String run, Standing standing) {
      MixtureAnswer mixture = standing.mixture();
      Labels labels = Labels.of("run", run);
      set("mixwell_attempt", "The newest attempt; -1 before any", labels, mixture.attempt());
      set(
          "mixwell_issued_steps",
          "Steps of the newest attempt below it are issued",
          labels,
          mixture.upTo());
      set(
          "mixwell_decided_steps",
          "The first step that waits for feedback",
          labels,
          mixture.firstUndecided());
      set(
          "mixwell_mixer_operation",
          "The event that installed the mixer; -1 for the run's first",
          labels,
          standing.mixer().operation());
      set(
          "mixwell_mixer_effective_step",
          "The first step the mixer acts on",
          labels,
          standing.mixer().effectiveStep());
      set(
          "mixwell_mixer_version",
          "Of the mixer's update rule",
          labels,
          standing.mixer().version());
      String reason = standing.reason();
      if (reason != null)
        set(
            "mixwell_run_standing",
            "Runs that do not go on; /observe/health/ready says what to do",
            Labels.of("run", run, "reason", reason),
            1);
      mixerTime.dataPoint(
          SummaryDataPointSnapshot.builder()
              .labels(labels)
              .count(standing.folds())
              .sum(standing.foldNanos() / NANOS)
              .build());
      double asked = 0;
      double rows = 0;
      for (MixtureAnswer.Share s : mixture.groups()) {
        asked += s.askedRows();
        rows += s.rows();
      }
      for (MixtureAnswer.Share s : mixture.groups())
        add(Labels.of("run", run, "group", s.group()), s, asked, rows);
    }

    private void add(Labels labels, MixtureAnswer.Share share, double askedRows, double rows) {
      set("mixwell_group_mixer_ratio", "p: the share that the mixer says", labels, share.p());
      set("mixwell_group_sampled_ratio", "q: the share that is sampled", labels, share.q());
      set(
          "mixwell_group_asked_ratio",
          "Share of all rows asked for since the run began",
          labels,
          askedRows > 0 ? share.askedRows() / askedRows : 0);
      set(
          "mixwell_group_delivered_ratio",
          "Share of all rows delivered since the run began",
          labels,
          rows > 0 ? share.rows() / rows : 0);
      set(
          "mixwell_group_delivered_rows",
          "Rows delivered since the run began",
          labels,
          share.rows());
      set(
          "mixwell_group_epochs",
          "How often the group's rows have been used up",
          labels,
          share.epochs());
    }

    private void set(String name, String what, Labels labels, double value) {
      byName
          .computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(what))
          .dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
    }

    private MetricSnapshots snapshots() {
      var all = new ArrayList<MetricSnapshot>();
      byName.values().forEach(gauge -> all.add(gauge.build()));
      all.add(mixerTime.build());
      return new MetricSnapshots(all);
    }
  }
}
