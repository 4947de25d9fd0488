package dev.mixwell.experiment.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MixerTimeTest {
  private static final String METRICS =
      """
      # TYPE mixwell_mixer_seconds summary
      mixwell_mixer_seconds_count{run="odm-s1"} 400
      mixwell_mixer_seconds_sum{run="odm-s1"} 1.25E-4
      mixwell_mixer_seconds_count{run="odm-s10"} 7
      mixwell_mixer_seconds_sum{run="odm-s10"} 3.0
      """;

  @Test
  void isThatOfTheRun() {
    assertEquals(new MixerTime(400, 1.25e-4), MixerTime.of(METRICS, "odm-s1"));
    assertEquals(new MixerTime(7, 3), MixerTime.of(METRICS, "odm-s10"));
  }

  @Test
  void aRunThatIsNotThereIsNoZero() {
    assertThrows(IllegalStateException.class, () -> MixerTime.of(METRICS, "odm"));
  }
}
