package dev.mixwell.ahead;

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
    if (next == step) next = step + 1;
    if (2 * ready.size() <= steps) fill();
    if (body == null) return null;
    allowance.giveBack(body.batch().length());
    return new Body(body.batch(), lying != null, body.packNanos());
  }

  private void fill() {
    if (filling || closed || allowance.isSpent()) return;
    filling = packers.run(Packers.Urgency.BODIES, this::pack);
  }

  private void pack() {
    long step = firstMissing();
    if (step == NONE) return;
    long begunNanos = System.nanoTime();
    PackedBatch batch = null;
    try {
      batch = packing.apply(step);
    } finally {
      keep(step, batch, System.nanoTime() - begunNanos);
    }
  }

  private synchronized long firstMissing() {
    for (long step = next; !closed && step < next + steps; step++)
      if (!ready.containsKey(step)) return step;
    stop();
    return NONE;
  }

  private synchronized void keep(long step, @Nullable PackedBatch batch, long packNanos) {
    if (batch == null) {
      stop();
    } else if (closed || step < next || ready.containsKey(step)) {
      batch.close();
      again();
    } else if (allowance.take(batch.length())) {
      ready.put(step, new Body(batch, true, packNanos));
      again();
    } else {
      batch.close();
      stop();
    }
  }

  private void again() {
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
