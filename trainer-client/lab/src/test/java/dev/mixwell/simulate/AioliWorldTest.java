package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mixwell.proof.Proof;
import dev.mixwell.simulate.World.Noise;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Aioli (arXiv 2411.05735) finds the law of worlds whose law is known. */
final class AioliWorldTest {
  private static final int ROUNDS = 8;

  /** Few, so that a segment is short against what has been learnt: the law is linear there. */
  private static final int ROWS = 16;

  private static final int USUAL_ROWS = 64;
  private static final double MOST_ERROR = 0.05;
  private static final double LEAST_SIMILARITY = 0.8;
  private static final double NEAR_UNIFORM = 0.05;

  private static Setting setting(int rows, long seed) {
    return Setting.of(1, rows, (int) (1 + seed * 3 % 8));
  }

  @Test
  void withoutNoiseTheLawIsFoundWithinFivePercent() {
    try (var proof = new Proof("aioli-law", 1, 20)) {
      for (long seed : proof.seeds())
        for (World world : Worlds.all())
          proof.check(
              world.name() + " seed " + seed,
              () -> {
                var rounds =
                    AioliRounds.of(
                        world.with(Noise.NONE), Map.of(), setting(ROWS, seed), ROUNDS, seed);
                assertEquals(ROUNDS, rounds.size());
                for (AioliRounds.Round round : rounds)
                  assertTrue(round.error() < MOST_ERROR, () -> "off by " + round.error());
              });
    }
  }

  /**
   * With validation losses that err by 2e-4 nats, while a segment brings them down by some 1e-2 at
   * first and some 1e-3 in the end.
   */
  @Test
  void underNoiseTheLawSteersLikeTheTrueOne() {
    try (var proof = new Proof("aioli-similarity", 4, 40)) {
      for (World world : Worlds.all()) {
        if (world.name().equals("identical")) continue; // its column sums have no order
        double[] sum = new double[1];
        for (long seed : proof.seeds())
          proof.check(world.name() + " seed " + seed, () -> sum[0] += within(world, seed));
        double mean = sum[0] / proof.cases();
        proof.together(
            4,
            String.format(Locale.ROOT, "%s: %.3f", world.name(), mean),
            () -> assertTrue(mean > LEAST_SIMILARITY));
        System.out.printf(Locale.ROOT, "  similarity %-12s %.3f%n", world.name(), mean);
      }
    }
  }

  private static double within(World world, long seed) {
    double similarity = similarity(world, seed);
    assertTrue(Math.abs(similarity) <= 1 + 1e-9, () -> "a similarity of " + similarity);
    return similarity;
  }

  private static double similarity(World world, long seed) {
    List<AioliRounds.Round> rounds =
        AioliRounds.of(world, Map.of(), setting(USUAL_ROWS, seed), ROUNDS, seed);
    double sum = 0;
    for (AioliRounds.Round round : rounds) sum += round.similarity();
    return sum / rounds.size();
  }

  /**
   * The negative control. Under noise the moving average is needed: without it, rounds in which
   * there is little left to learn add up to a walk at random.
   */
  @Test
  void identicalGroupsStayNearUniform() {
    World world = Worlds.of("identical");
    int rounds = 20;
    try (var proof = new Proof("aioli-identical", 2, 40)) {
      for (long seed : proof.seeds()) {
        Setting setting = setting(USUAL_ROWS, seed);
        proof.check(
            "without noise, seed " + seed,
            () ->
                nearUniform(
                    AioliRounds.of(world.with(Noise.NONE), Map.of(), setting, rounds, seed)));
        proof.check(
            "with noise and a moving average, seed " + seed,
            () -> nearUniform(AioliRounds.of(world, Map.of("gamma", 0.1), setting, rounds, seed)));
      }
    }
  }

  private static void nearUniform(List<AioliRounds.Round> rounds) {
    for (AioliRounds.Round round : rounds)
      assertTrue(
          round.farthestFromUniform() < NEAR_UNIFORM,
          () -> "p is off by " + round.farthestFromUniform());
  }

  @Test
  void similarityIsOneForTheSameAndMinusOneForTheOpposite() {
    double[] a = {1, 2, 0, 0, 1, 5, 0, 0, 1};
    double[] opposite = new double[a.length];
    for (int i = 0; i < a.length; i++) opposite[i] = -a[i];
    assertEquals(1, Similarity.of(a, a), 1e-12);
    assertEquals(-1, Similarity.of(a, opposite), 1e-12);
    // column sums 1 3 6 and 3 1 6: cosine 42 / 46, rank correlation 0.5
    double[] swapped = {2, 1, 0, 1, 0, 5, 0, 0, 1};
    assertEquals(0.5 * 42 / 46 + 0.25, Similarity.of(a, swapped), 1e-12);
  }
}
