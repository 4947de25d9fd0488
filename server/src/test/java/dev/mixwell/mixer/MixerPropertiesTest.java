package dev.mixwell.mixer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.api.Json;
import dev.mixwell.api.MixerSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds for every mixer, whatever it is told. */
class MixerPropertiesTest {
  private static final int SEEDS = 20;
  private static final int EVENTS = 60;

  @Test
  void everyMixerIsUnderTest() {
    var tested = new HashSet<String>();
    for (var spec : MixersUnderTest.specs(2)) tested.add(spec.name());
    var shipped = new HashSet<>(Mixers.names());
    shipped.remove("test-probing"); // the simulation's own
    assertEquals(shipped, tested);
  }

  @Test
  void proportionsStayOnTheSimplex() {
    forAll(
        (spec, groups, random) -> {
          Mixer mixer = MixersUnderTest.create(spec, groups);
          Decision decided = mixer.start(null);
          for (int t = 1; t <= EVENTS; t++) {
            decided = mixer.fold(decided.state(), MixersUnderTest.feedback(random, t, decided.p()));
            assertTrue(Proportions.onSimplex(decided.p().toArray()), "t " + t + ": " + decided.p());
            assertEquals(groups, decided.p().size());
          }
        });
  }

  @Test
  void aStateRestoredFromItsRecordContinuesBitForBit() {
    forAll(
        (spec, groups, random) -> {
          Mixer mixer = MixersUnderTest.create(spec, groups);
          Decision through = mixer.start(MixersUnderTest.proportions(random, groups));
          Decision restored = through;
          for (int t = 1; t <= EVENTS; t++) {
            var seen = MixersUnderTest.feedback(random, t, through.p());
            through = mixer.fold(through.state(), seen);
            restored = MixersUnderTest.create(spec, groups).fold(recorded(restored.state()), seen);
            assertEquals(through.state(), restored.state());
            assertEquals(through.p(), restored.p());
          }
        });
  }

  @Test
  void permutedGroupsGetPermutedProportions() {
    forAll(
        (spec, groups, random) -> {
          if (!Mixers.create(spec, MixersUnderTest.context(groups))
              .start(null)
              .p()
              .equals(Proportions.uniform(groups))) return;
          int[] order = permutation(random, groups);
          Mixer mixer = MixersUnderTest.create(spec, groups);
          Decision plain = mixer.start(null);
          Decision permuted = plain;
          for (int t = 1; t <= EVENTS; t++) {
            var seen = MixersUnderTest.feedback(random, t, plain.p());
            var moved =
                new Observation(
                    t, permuted.p(), permute(seen.lossSum(), order), permute(seen.tokens(), order));
            plain = mixer.fold(plain.state(), seen);
            permuted = mixer.fold(permuted.state(), moved);
            assertArrayEquals(
                permute(plain.p().toArray(), order), permuted.p().toArray(), 1e-10, "t " + t);
          }
        });
  }

  @Test
  void theLossOfAGroupThatWasNotSeenIsNotRead() {
    forAll(
        (spec, groups, random) -> {
          Mixer mixer = MixersUnderTest.create(spec, groups);
          Decision decided = mixer.start(null);
          for (int t = 1; t <= EVENTS; t++) {
            var seen = MixersUnderTest.feedback(random, t, decided.p());
            double[] other = seen.lossSum().clone();
            for (int i = 0; i < groups; i++)
              if (!seen.saw(i)) other[i] = random.nextDouble(-1e9, 1e9);
            Decision twin =
                mixer.fold(decided.state(), new Observation(t, decided.p(), other, seen.tokens()));
            decided = mixer.fold(decided.state(), seen);
            assertEquals(decided.state(), twin.state());
          }
        });
  }

  @Test
  void aStepThatClosedWithNothingSeenChangesNothing() {
    forAll(
        (spec, groups, random) -> {
          Mixer mixer = MixersUnderTest.create(spec, groups);
          Decision decided = mixer.start(null);
          for (int t = 1; t <= EVENTS; t++)
            decided = mixer.fold(decided.state(), MixersUnderTest.feedback(random, t, decided.p()));
          var nothing =
              new Observation(EVENTS + 1, decided.p(), new double[groups], new long[groups]);
          Decision after = mixer.fold(decided.state(), nothing);
          assertEquals(decided.state(), after.state());
          assertEquals(decided.p(), after.p());
        });
  }

  private interface Property {
    void holds(MixerSpec spec, int groups, SplittableRandom random);
  }

  private static void forAll(Property property) {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new SplittableRandom(seed);
      int groups = random.nextInt(1, 9);
      for (var spec : MixersUnderTest.specs(groups)) {
        try {
          property.holds(spec, groups, random.split());
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + groups + " groups, " + spec, e);
        }
      }
    }
  }

  /** The state as the timeline's JSON gives it back. */
  private static MixerState recorded(MixerState state) {
    var vectors = new TreeMap<String, double[]>();
    Json.tree(Json.writeBytes(state.toMap()))
        .properties()
        .forEach(
            vector ->
                vectors.put(vector.getKey(), Json.convert(vector.getValue(), double[].class)));
    return MixerState.of(Map.copyOf(vectors));
  }

  private static int[] permutation(SplittableRandom random, int groups) {
    int[] order = new int[groups];
    for (int i = 0; i < groups; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static double[] permute(double[] values, int[] order) {
    double[] moved = new double[values.length];
    for (int i = 0; i < order.length; i++) moved[i] = values[order[i]];
    return moved;
  }

  private static long[] permute(long[] values, int[] order) {
    long[] moved = new long[values.length];
    for (int i = 0; i < order.length; i++) moved[i] = values[order[i]];
    return moved;
  }
}
