package dev.mixwell.serving;

import dev.mixwell.pack.PackedBatch;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One reader's next bodies: those of one rank of an attempt, in one format. They are packed one
 * after the other, the one that is asked for first; between two of them other lanes have their
 * turn. A body leaves when it is taken, or when its reader asks for a later one. Thread-safe:
 * guarded by itself.
 */
final class Lane {
  private static final long NONE = -1;

  private final LongFunction<@Nullable PackedBatch> packing;
  private final int steps;
  private final Allowance allowance;
  private final Packers packers;
  private final NavigableMap<Long, Body> ready = new TreeMap<>();
  private long next; // the first step that the reader may still ask for
  private boolean filling; // a job of this lane waits or works
  private boolean closed;

  /**
   * @param packing makes the body of a step; null if it is not issued yet
   * @param steps to keep ready
   */
  Lane(
      LongFunction<@Nullable PackedBatch> packing,
      int steps,
      Allowance allowance,
      Packers packers) {
    this.packing = packing;
    this.steps = steps;
    this.allowance = allowance;
    this.packers = packers;
  }

  /**
   * The body of a step, now the caller's to close. Null if it cannot come from here: its plan is
   * not at hand, its shard is damaged, or no more bytes may be kept.
   */
  synchronized @Nullable Body take(long step) throws InterruptedException {
    while (!ready.isEmpty() && ready.firstKey() < step) free(ready.pollFirstEntry().getValue());
    next = step;
    Body lying = ready.remove(step);
    if (lying == null) {
      fill();
      while (filling && next == step && !ready.containsKey(step)) wait();
    }
    Body body = lying == null ? ready.remove(step) : lying;
    if (body != null) allowance.giveBack(body.batch().length()); // before more may be kept
    if (next == step) next = step + 1;
    if (2 * ready.size() <= steps) fill();
    if (body == null) return null;
    return new Body(body.batch(), lying != null, body.packNanos());
  }

  private void fill() {
    if (filling || closed || allowance.isSpent()) return;
    filling = packers.run(Packers.Urgency.BODIES, this::pack);
  }

  /** Packs what is missing; lets others have their turn between two bodies if any wait. */
  private void pack() {
    while (packOne())
      if (packers.isAnyWaiting()) {
        again();
        return;
      }
  }

  /** False if nothing is missing, or nothing more can be packed: the lane is not filled then. */
  private boolean packOne() {
    long step = firstMissing();
    if (step == NONE) return false;
    long begunNanos = System.nanoTime();
    PackedBatch batch = null;
    boolean goesOn = false;
    try {
      batch = packing.apply(step);
    } finally {
      goesOn = keep(step, batch, System.nanoTime() - begunNanos);
    }
    return goesOn;
  }

  private synchronized long firstMissing() {
    for (long step = next; !closed && step < next + steps; step++)
      if (!ready.containsKey(step)) return step;
    stop();
    return NONE;
  }

  private synchronized boolean keep(long step, @Nullable PackedBatch batch, long packNanos) {
    boolean goesOn = batch != null && keep(step, new Body(batch, true, packNanos));
    if (goesOn) notifyAll();
    else stop();
    return goesOn;
  }

  /** False if no more bytes may be kept. */
  private boolean keep(long step, Body body) {
    boolean isWanted = !closed && step >= next && !ready.containsKey(step);
    if (isWanted && allowance.take(body.batch().length())) {
      ready.put(step, body);
      return true;
    }
    body.batch().close();
    return !isWanted;
  }

  private synchronized void again() {
    stop();
    fill();
  }

  private void stop() {
    filling = false;
    notifyAll();
  }

  /** Frees all bodies; the reader may come back. */
  synchronized void clear() {
    while (!ready.isEmpty()) free(ready.pollFirstEntry().getValue());
  }

  /** Frees all bodies and keeps none from now on. */
  synchronized void close() {
    closed = true;
    clear();
    stop();
  }

  private void free(Body body) {
    allowance.giveBack(body.batch().length());
    body.batch().close();
  }
}
