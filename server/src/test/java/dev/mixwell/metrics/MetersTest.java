package dev.mixwell.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.FeedbackKind;
import dev.mixwell.api.MixerView;
import dev.mixwell.api.MixtureAnswer;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetersTest {
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  @Test
  void namesAreMixwellsAndLabelsAreBounded() {
    String text = scrape();
    var labels = new TreeSet<String>();
    for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
      assertTrue(line.startsWith("mixwell_"), line);
      LABEL.matcher(line).results().forEach(m -> labels.add(m.group(1)));
    }
    assertEquals(new TreeSet<>(List.of("group", "le", "reason", "run")), labels);
  }

  @Test
  void sharesAskedForAndDeliveredStandSideBySide() {
    String text = scrape();
    assertTrue(text.contains("mixwell_group_asked_ratio{group=\"prose\",run=\"demo\"} 0.75"), text);
    assertTrue(
        text.contains("mixwell_group_delivered_ratio{group=\"prose\",run=\"demo\"} 0.7"), text);
    assertTrue(text.contains("mixwell_issued_steps{run=\"demo\"} 16.0"), text);
  }

  @Test
  void mixersAreTimed() {
    String text = scrape();
    assertTrue(text.contains("mixwell_mixer_seconds_count{run=\"demo\"} 4"), text);
    assertTrue(text.contains("mixwell_mixer_seconds_sum{run=\"demo\"} 0.0025"), text);
  }

  @Test
  void requestsAreCountedByRun() {
    String text = scrape();
    assertTrue(text.contains("mixwell_batches_served_total{run=\"demo\"} 2.0"), text);
    assertTrue(text.contains("mixwell_batches_sent_bytes_total{run=\"demo\"} 300.0"), text);
    assertTrue(text.contains("mixwell_pull_seconds_count{run=\"demo\"} 1"), text);
  }

  @Test
  void aRunThatStandsStillIsNamedWithItsReason() {
    String text = scrape();
    String series = "mixwell_run_standing{reason=\"LinkageError\",run=\"demo\"} 1.0";
    assertTrue(text.contains(series), text);
  }

  private static String scrape() {
    try (var meters = new Meters()) {
      var groups =
          List.of(
              new MixtureAnswer.Share("prose", 0.8, 0.75, 7, 7.5, 0.5),
              new MixtureAnswer.Share("code", 0.2, 0.25, 3, 2.5, 2));
      var mixture = new MixtureAnswer(0, 15, 16, 16, "odm", groups);
      var standing =
          new RunGauges.Standing(
              mixture,
              new MixerView("odm", Map.of(), 1, -1, 0, FeedbackKind.TRAIN),
              4,
              2_500_000,
              "LinkageError");
      meters.add(new RunGauges(() -> Map.of("demo", standing)));
      meters.of("demo").served(100);
      meters.of("demo").served(200);
      meters.of("demo").pulled(1_000);
      return meters.scrape();
    }
  }
}
