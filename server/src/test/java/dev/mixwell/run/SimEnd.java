package dev.mixwell.run;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Event;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A simulation without faults: whatever happened before, its newest trainer must get on. */
final class SimEnd {
  /** Rounds without any progress after which nothing will ever move. */
  private static final int MOST_IDLE_ROUNDS = 3;

  private final Sim sim;

  SimEnd(Sim sim) {
    this.sim = sim;
  }

  /** Faults stop: the newest trainer runs to its last step, or to the end of the data. */
  void finish() {
    sim.server.restart();
    if (sim.server.run().isFinished()) return;
    SimJob job = lastJob();
    for (SimJob other : sim.jobs) if (other != job) other.dead = true;
    boolean deaf = sim.config.habits().deaf() && !isMixerScheduled();
    if (deaf) {
      double[] even = new double[sim.config.groups()];
      Arrays.fill(even, 1);
      sim.swap(SimConfig.fixed(even), "now", "own", Fault.NONE);
    }
    advance(job, sim.config.steps(), deaf);
  }

  /** Without faults, until the trainer stands at the step or the data is used up. */
  void advance(SimJob job, long to, boolean deaf) {
    int idle = 0;
    while (job.step < to) {
      String before = job.progress() + sim.server.store.size();
      var why = new TreeMap<String, Integer>();
      if (round(job, deaf, why)) return;
      if (!before.equals(job.progress() + sim.server.store.size())) {
        idle = 0;
        continue;
      }
      if (!sim.config.waits()) sim.late();
      if (++idle > MOST_IDLE_ROUNDS)
        throw new Broken(
            "DEADLOCK", "%s at step %d of %d: %s".formatted(job.launchId, job.step, to, why));
    }
  }

  private SimJob lastJob() {
    SimJob last = sim.jobs.isEmpty() ? null : sim.jobs.getLast();
    boolean usable =
        last != null
            && !last.dead
            && (last.attempt == null || last.attempt.equals(sim.server.run().newestAttempt()));
    if (last == null || !usable) last = relaunched();
    if (last.attempt == null) openAtLast(last);
    return last.attempt.equals(sim.server.run().newestAttempt()) ? last : relaunched();
  }

  private SimJob relaunched() {
    sim.perform(new Act.Launch(0, 0, Fault.NONE, false, true));
    return sim.jobs.getLast();
  }

  private void openAtLast(SimJob job) {
    try {
      sim.open(job, Fault.NONE);
    } catch (Refusal ambiguous) {
      sim.open(job, Fault.NONE);
    }
  }

  private boolean isMixerScheduled() {
    long upTo = sim.server.run().upTo();
    return sim.server.read(
        run ->
            run.operations().all().stream()
                .anyMatch(
                    o ->
                        o.event() instanceof Event.MixerInstalled
                            && o.event().effectiveStep() > upTo
                            && !o.isCancelled()));
  }

  /** Every rank pulls, all train, all is posted. True once the data is used up. */
  private boolean round(SimJob job, boolean deaf, Map<String, Integer> why) {
    for (int rank = 0; rank < job.world; rank++)
      for (int i = 0; i <= sim.config.habits().prefetch(); i++)
        try {
          sim.pull(job, rank, Fault.NONE);
        } catch (Refusal refusal) {
          if (refusal.type() == ProblemType.DATA_EXHAUSTED && job.nextPull(rank) == job.step)
            return true;
          why.merge(refusal.type() + " " + refusal.detail(), 1, Integer::sum);
        }
    sim.train(job);
    if (deaf) {
      job.posts.clear();
      job.evaluations.clear();
    }
    for (SimJob.Post post : job.unacknowledged())
      for (int i = 0; i < 2 && !post.acknowledged; i++)
        try {
          sim.post(job, post, Fault.NONE);
        } catch (Refusal refusal) {
          why.merge(refusal.type() + " " + refusal.detail(), 1, Integer::sum);
        }
    return false;
  }
}
