package dev.mixwell.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.mixer.Mixer;
import dev.mixwell.mixer.MixersUnderTest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class MixerBenchmarkTest {
  @Test
  void everyMixerThatFoldsFeedbackIsMeasured() throws Exception {
    var measured =
        Arrays.stream(
                MixerBenchmark.class.getDeclaredField("mixer").getAnnotation(Param.class).value())
            .map(name -> name.split(":")[0])
            .toList();
    for (var spec : MixersUnderTest.specs(2)) {
      Mixer mixer = MixersUnderTest.create(spec, 2);
      if (mixer.awaits() != null)
        assertTrue(
            measured.contains(spec.name()),
            "the mixer `%s` is in no @Param of %s"
                .formatted(
                    spec.name(),
                    "trainer-client/lab/src/test/java/dev/mixwell/bench/MixerBenchmark.java"));
    }
  }
}
