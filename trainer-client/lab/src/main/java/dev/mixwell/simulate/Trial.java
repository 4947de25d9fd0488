package dev.mixwell.simulate;

import dev.mixwell.api.PlanAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A mixer to be tried in a world. */
record Trial(World world, MixerChoice mixer, Setting setting, long seed) {
  /** A course has about as many points as a chart can show. */
  private static final int POINTS = 200;

  /** Is told of each step that is done. */
  interface Progress {
    void step();
  }

  /**
   * @throws dev.mixwell.base.Refusal {@code invalid-mixer} or {@code invalid-run}
   */
  Simulation open() {
    return new Simulation(world, mixer.spec(world, setting), setting, seed);
  }

  Outcome run(Progress progress) {
    long start = System.nanoTime();
    Simulation simulation = open();
    long steps = setting.steps();
    long stretch = Math.ceilDiv(steps, POINTS);
    List<Outcome.Point> course = new ArrayList<>();
    double[] all = new double[world.size()];
    double[] recent = new double[world.size()];
    long counted = 0;
    for (long step = 1; step <= steps; step++) {
      add(trained(simulation, step), recent);
      counted++;
      progress.step();
      if (step % stretch != 0 && step != steps) continue;
      add(recent, all);
      course.add(
          new Outcome.Point(step, divided(recent, counted), simulation.model().averageLoss()));
      recent = new double[world.size()];
      counted = 0;
    }
    return new Outcome(
        world,
        mixer.label(),
        seed,
        Arrays.stream(simulation.model().losses()).boxed().toList(),
        divided(all, steps),
        course,
        System.nanoTime() - start);
  }

  /**
   * Trains one step more; what the mixer wanted learned of each group, by rows and loss weights.
   */
  private double[] trained(Simulation simulation, long until) {
    SyntheticTrainer trainer = simulation.trainer();
    trainer.trainTo(until);
    PlanAnswer plan = simulation.run().plan(trainer.attempt(), until - 1);
    Map<String, Double> weights = plan.lossWeights();
    double[] p = new double[world.size()];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      String group = world.groups().get(i).name();
      double weight = weights == null ? 1 : weights.getOrDefault(group, 0.0);
      sum += p[i] = plan.p().getOrDefault(group, 0.0) * weight;
    }
    for (int i = 0; i < p.length; i++) p[i] /= sum;
    return p;
  }

  private static void add(double[] values, double[] sums) {
    for (int i = 0; i < sums.length; i++) sums[i] += values[i];
  }

  private static List<Double> divided(double[] sums, long count) {
    return Arrays.stream(sums).mapToObj(sum -> sum / count).toList();
  }
}
