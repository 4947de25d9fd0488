package dev.mixwell.run;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.MemoryTimelineStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A timeline in memory that outlives its servers and fails on request. One thread; appends are all
 * or nothing.
 */
final class SimStore extends MemoryTimelineStore {
  /** The server is dead: whatever of it catches this and goes on is not heard any more. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crash", null, false, false);
    }
  }

  private final List<Integer> commits = new ArrayList<>();
  private Fault fault = Fault.NONE;
  private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);
  private boolean isDead;

  /** The next append meets the fault; a server that was dead is another one now. */
  void arm(Fault next) {
    fault = next;
    isDead = false;
  }

  /** How many appends met the fault. */
  int met(Fault which) {
    return met.getOrDefault(which, 0);
  }

  /** Whether the server died in an append. */
  boolean isDead() {
    return isDead;
  }

  List<Entry> log() {
    return read(0, size());
  }

  /** The number of the commit that wrote the entry: those of one append have the same. */
  int commit(long sequence) {
    return commits.get((int) sequence);
  }

  @Override
  public void append(List<Entry> entries) {
    Fault now = fault;
    fault = Fault.NONE;
    met.merge(now, 1, Integer::sum);
    if (isDead || now == Fault.CRASH_BEFORE_WRITE) throw crash();
    if (now == Fault.FAIL_BEFORE_WRITE) throw failed();
    super.append(entries);
    int commit = commits.isEmpty() ? 0 : commits.getLast() + 1;
    for (int i = 0; i < entries.size(); i++) commits.add(commit);
    if (now == Fault.CRASH_AFTER_WRITE) throw crash();
    if (now == Fault.FAIL_AFTER_WRITE) throw failed();
  }

  private Crash crash() {
    isDead = true;
    return new Crash();
  }

  private static Refusal failed() {
    return new Refusal(ProblemType.STORAGE_FAILED, "the simulated disk fails");
  }
}
