package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import dev.mixwell.base.Refusal;
import dev.mixwell.mixer.MixerContext;
import dev.mixwell.mixer.Mixers;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MixerChoiceTest {
  private static final World WORLD = Worlds.of("helping");
  private static final Setting SETTING = Setting.of(60, 8, 4);

  /** Mixers that nobody simulates by their names alone, and why. */
  private static final Map<String, String> STATED =
      Map.of("schedule", "its points are what a user wants to compare");

  /** What a mixer must be told of its groups, the simulator knows or measures. */
  @ParameterizedTest
  @MethodSource("dev.mixwell.mixer.MixersUnderTest#shipped")
  void everyMixerIsSimulatedByItsNameAlone(String name) {
    long[] tokens = new long[WORLD.size()];
    Arrays.fill(tokens, 1_000_000);
    var choice = MixerChoice.parse(name);
    try {
      var spec = choice.spec(WORLD, SETTING);
      Mixers.create(spec, MixerContext.of(SETTING.run(WORLD, spec, 1), tokens));
    } catch (Refusal refused) {
      if (!STATED.containsKey(name))
        fail(
            "%s Give it a default in spec of %s, or name it with a reason in STATED here."
                .formatted(
                    refused.getMessage(),
                    "trainer-client/lab/src/main/java/dev/mixwell/simulate/MixerChoice.java"));
      return;
    }
    assertFalse(STATED.containsKey(name), name + " needs no exception any more");
  }
}
