package dev.mixwell.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WorldTest {
  @Test
  void overAShortSegmentLossesFallByTheInteractionTimesTheProportions() {
    var random = new SplittableRandom(7);
    for (World world : Worlds.all())
      for (double length : new double[] {1e4, 1e3}) {
        SyntheticModel model = learnt(world, random);
        double[] p = proportions(world.size(), random);
        double[] before = model.losses();
        double[] predicted = new double[p.length];
        for (int i = 0; i < p.length; i++)
          for (int j = 0; j < p.length; j++) predicted[i] += model.drop(i, j, length) * p[j];
        model.train(scaled(p, length));
        for (int i = 0; i < p.length; i++)
          // the law is curved: off by (alpha + 1) / 2 times what n grew by
          assertEquals(
              predicted[i],
              before[i] - model.loss(i),
              Math.abs(predicted[i]) * length / World.START_TOKENS,
              world.name() + " " + i);
      }
  }

  private static SyntheticModel learnt(World world, SplittableRandom random) {
    var model = new SyntheticModel(world);
    model.train(scaled(proportions(world.size(), random), 1e8));
    return model;
  }

  private static double[] proportions(int groups, SplittableRandom random) {
    double[] p = new double[groups];
    double sum = 0;
    for (int i = 0; i < groups; i++) sum += p[i] = 0.5 + random.nextDouble();
    return scaled(p, 1 / sum);
  }

  private static double[] scaled(double[] p, double factor) {
    double[] scaled = p.clone();
    for (int i = 0; i < p.length; i++) scaled[i] *= factor;
    return scaled;
  }

  @Test
  void aLossFollowsItsPowerLaw() {
    var group = new World.Group("g", 1, 5, 0.5, 1);
    assertEquals(5, group.loss(World.START_TOKENS));
    assertEquals(1 + 4 / 2.0, group.loss(4 * World.START_TOKENS), 1e-12);
    assertEquals(1 + 4 / 10.0, group.loss(100 * World.START_TOKENS), 1e-12);
  }

  @Test
  void nothingIsForgottenBeyondTheStart() {
    World world = Worlds.of("conflicting");
    var model = new SyntheticModel(world);
    model.train(new double[] {0, 1e9});
    assertEquals(5.0, model.loss(0));
    assertTrue(model.loss(1) < 5);
    model.train(new double[] {1e6, 0});
    assertTrue(model.loss(0) < 5);
  }

  @Test
  void catalogHasDifferentNamesAndAskingForAnotherNamesThem() {
    assertEquals(Worlds.all().size(), new HashSet<>(Worlds.names()).size());
    var refused = assertThrows(IllegalArgumentException.class, () -> Worlds.of("hrad"));
    assertTrue(refused.getMessage().contains("`hard`"), refused.getMessage());
  }

  @Test
  void transfersAreAsymmetricAndSomeAreNegative() {
    int asymmetric = 0;
    int negative = 0;
    for (World world : Worlds.all())
      for (int i = 0; i < world.size(); i++)
        for (int j = 0; j < world.size(); j++) {
          if (world.transfer(i, j) != world.transfer(j, i)) asymmetric++;
          if (world.transfer(i, j) < 0) negative++;
        }
    assertTrue(asymmetric > 10 && negative > 2, asymmetric + " " + negative);
  }

  @Test
  void noiseIsStandardNormalAndTheSameForTheSameKey() {
    var noise = new NormalDraws(3);
    double sum = 0;
    double squares = 0;
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      double draw = noise.at(0, i / 4, i % 4);
      sum += draw;
      squares += draw * draw;
    }
    assertEquals(0, sum / draws, 4 / Math.sqrt(draws));
    assertEquals(1, squares / draws, 4 * Math.sqrt(2.0 / draws));
    assertEquals(noise.at(0, 5, 1), new NormalDraws(3).at(0, 5, 1));
    assertEquals(6, distinct(noise));
  }

  private static long distinct(NormalDraws noise) {
    return List.of(
            noise.at(0, 5, 1),
            noise.at(0, 5, 2),
            noise.at(0, 6, 1),
            noise.at(1, 5, 1),
            noise.at(1, 6, 1),
            new NormalDraws(4).at(0, 5, 1))
        .stream()
        .distinct()
        .count();
  }
}
