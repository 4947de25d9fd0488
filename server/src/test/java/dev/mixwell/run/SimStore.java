package dev.mixwell.run;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.timeline.Entry;
import dev.mixwell.timeline.MemoryTimelineStore;
import java.util.ArrayList;
import java.util.List;

/**
 * A timeline in memory that outlives its servers and fails on request. One thread; appends are all
 * or nothing.
 */
final class SimStore extends MemoryTimelineStore {
  /** The server is dead: nothing of it may catch this and go on. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crash", null, false, false);
    }
  }

  private final List<Integer> commits = new ArrayList<>();
  private Fault fault = Fault.NONE;

  /** The next append meets the fault. */
  void arm(Fault next) {
    fault = next;
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
    if (now == Fault.CRASH_BEFORE_WRITE) throw new Crash();
    if (now == Fault.FAIL_BEFORE_WRITE) throw failed();
    super.append(entries);
    int commit = commits.isEmpty() ? 0 : commits.getLast() + 1;
    for (int i = 0; i < entries.size(); i++) commits.add(commit);
    if (now == Fault.CRASH_AFTER_WRITE) throw new Crash();
    if (now == Fault.FAIL_AFTER_WRITE) throw failed();
  }

  private static Refusal failed() {
    return new Refusal(ProblemType.STORAGE_FAILED, "the simulated disk fails");
  }
}
