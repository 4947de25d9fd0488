package dev.mixwell.run;

import dev.mixwell.timeline.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The same run without launches, prefetch or faults, given what operators set in the last lineage:
 * it must train the same rows.
 */
final class SimTwin {
  private SimTwin() {}

  /** True if the simulation has a twin and both agree. */
  static boolean check(Sim sim) {
    SimConfig config = sim.config;
    SimJob last = sim.jobs.isEmpty() ? null : sim.jobs.getLast();
    var log = new SimTimeline(sim.server.store.log());
    boolean comparable =
        last != null
            && last.attempt != null
            && !sim.server.run().isFinished()
            && config.waits()
            && !config.habits().deaf();
    if (!comparable || last == null || isFeedbackMissing(log)) return false;
    if (config.byRanks() && hasOtherWorlds(log, last.world)) return false; // other sums
    Sim twin = twin(config.uninterrupted(last.world), operations(log, config.steps()));
    twin.finish();
    compare(last.history, twin.jobs.getLast().history);
    return true;
  }

  private static boolean hasOtherWorlds(SimTimeline log, int world) {
    for (SimTimeline.Stretch stretch : log.lineage(log.launches.size() - 1))
      if (stretch.launch().opened.world() != world) return true;
    return false;
  }

  private static boolean isFeedbackMissing(SimTimeline log) {
    for (var close : log.steps) if (!close.event().complete()) return true;
    for (var close : log.boundaries) if (!close.event().posted()) return true;
    return false;
  }

  private static List<SimTimeline.Operation> operations(SimTimeline log, long steps) {
    var acting =
        new TreeSet<SimTimeline.Operation>(
            Comparator.comparingLong(SimTimeline.Operation::sequence));
    List<SimTimeline.Stretch> lineage = log.lineage(log.launches.size() - 1);
    for (long k = 0; k < steps; k++) acting.addAll(log.actingAt(SimTimeline.owner(lineage, k), k));
    return new ArrayList<>(acting);
  }

  private static Sim twin(SimConfig plain, List<SimTimeline.Operation> operations) {
    var store = new SimStore();
    store.append(List.of(new Entry(0, 0, plain.created())));
    for (SimTimeline.Operation o : operations)
      store.append(List.of(new Entry(store.size(), 0, o.event())));
    return new Sim(plain, SimServer.over(store));
  }

  static void compare(TreeMap<Long, long[]> mine, TreeMap<Long, long[]> others) {
    for (long k = 0; k < Math.max(mine.size(), others.size()); k++)
      if (!Arrays.equals(mine.get(k), others.get(k)))
        throw new Broken(
            "TWIN",
            "step %d is %s, uninterrupted %s"
                .formatted(k, Arrays.toString(mine.get(k)), Arrays.toString(others.get(k))));
  }
}
