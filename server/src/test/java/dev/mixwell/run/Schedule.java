package dev.mixwell.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A run and what happens to it: drawn from a seed, run to its end, checked, shrunk. */
record Schedule(SimConfig config, List<Act> acts) {
  static Schedule of(long seed) {
    var random = new SplittableRandom(seed);
    SimConfig config = SimConfig.draw(random);
    return new Schedule(config, Act.schedule(random, config));
  }

  /**
   * What was reached by a schedule, so that a test can tell that it tested something.
   *
   * @param deciders steps whose decider was checked
   * @param twin whether it was compared with an uninterrupted run
   */
  record Outcome(int deciders, int attempts, int events, boolean twin) {}

  /**
   * @throws Broken naming the promise
   */
  Outcome run() {
    var sim = new Sim(config);
    for (Act act : acts) sim.perform(act);
    try {
      sim.finish();
      int deciders = SimAudit.check(sim);
      return new Outcome(
          deciders, sim.answeredAttempts(), (int) sim.server.store.size(), SimTwin.check(sim));
    } catch (RuntimeException failure) {
      throw new Broken("THREW", "at the end", failure);
    }
  }

  @Nullable Broken failure() {
    try {
      run();
      return null;
    } catch (Broken broken) {
      return broken;
    }
  }

  /** A schedule that breaks the same promise and needs all of its acts. */
  Schedule shrunk(String promise) {
    List<Act> least = acts;
    for (int size = Math.max(1, least.size() / 2); size > 0; size /= 2)
      for (int from = 0; from < least.size(); ) {
        var shorter = new ArrayList<>(least);
        shorter.subList(from, Math.min(from + size, least.size())).clear();
        Broken broken = new Schedule(config, shorter).failure();
        if (broken != null && broken.promise.equals(promise)) least = shorter;
        else from += size;
      }
    return new Schedule(config, least);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(config.toString());
    for (Act act : acts) text.append("\n    ").append(act);
    return text.toString();
  }
}
