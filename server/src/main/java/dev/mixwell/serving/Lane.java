package dev.mixwell.serving;

import dev.mixwell.pack.PackedBatch;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One reader's next bodies: those of one rank of an attempt, in one format. They are packed one
 * after the other; between two of them other lanes have their turn. A body leaves when it is taken,
 * when its reader asks for a later one, or when the reader goes back so far that it is not among
 * the next ones any more. Thread-safe: guarded by itself.
 */
final class Lane {
  private static final long NONE = -1;

  private final LongFunction<@Nullable PackedBatch> packing;
  private final int steps;
  private final KeptBytes kept;
  private final PackingThreads threads;
  private final NavigableMap<Long, PackedBatch> ready = new TreeMap<>();
  private long next; // the first step that the reader may still ask for
  private long beingPacked = NONE;
  private boolean filling; // a job of this lane waits or works
  private boolean closed;
  private long bodyBytes = 1;

  /**
   * @param packing makes the body of a step; null if it is not issued yet, or not at hand
   * @param steps to keep ready
   */
  Lane(
      LongFunction<@Nullable PackedBatch> packing,
      int steps,
      KeptBytes kept,
      PackingThreads threads) {
    this.packing = packing;
    this.steps = steps;
    this.kept = kept;
    this.threads = threads;
  }

  /**
   * The body of a step, now the caller's to close; waits for one that is just being packed. Null if
   * this lane has not begun with it.
   */
  synchronized @Nullable ReadyBody take(long step) throws InterruptedException {
    while (!ready.isEmpty() && ready.firstKey() < step) free(ready.pollFirstEntry().getValue());
    while (!ready.isEmpty() && ready.lastKey() > step + steps)
      free(ready.pollLastEntry().getValue());
    next = step;
    long askedNanos = System.nanoTime();
    boolean isAhead = beingPacked != step;
    while (beingPacked == step && next == step) wait();
    if (next == step) next = step + 1;
    PackedBatch batch = ready.remove(step);
    if (batch == null) return null;
    kept.giveBack(batch.length());
    return new ReadyBody(batch, isAhead, 0, isAhead ? 0 : System.nanoTime() - askedNanos);
  }

  /**
   * Has the next bodies packed if no more than half of them lie ready.
   *
   * @param bodyBytes of a body like them: where there is no room for it, none is packed in vain
   */
  synchronized void fill(long bodyBytes) {
    this.bodyBytes = bodyBytes;
    if (!filling && 2 * ready.size() <= steps) filling = queue();
  }

  /** False if no thread is going to pack for this lane. */
  private boolean queue() {
    return !closed
        && kept.hasRoom(bodyBytes)
        && threads.run(PackingThreads.Urgency.BODIES, this::pack);
  }

  /** Packs what is missing; lets others have their turn between two bodies if any wait. */
  private void pack() {
    while (packOne())
      if (threads.isAnyWaiting()) {
        again();
        return;
      }
  }

  /** False if nothing is missing, or nothing more can be packed: the lane is not filled then. */
  private boolean packOne() {
    long step = begin();
    if (step == NONE) return false;
    PackedBatch batch = null;
    boolean goesOn = false;
    try {
      batch = packing.apply(step);
    } finally {
      goesOn = end(step, batch);
    }
    return goesOn;
  }

  /** The first step that is missing. */
  private synchronized long begin() {
    for (long step = next; !closed && step < next + steps; step++)
      if (!ready.containsKey(step)) return beingPacked = step;
    filling = false;
    return NONE;
  }

  /**
   * @param batch null if it could not be packed
   */
  private synchronized boolean end(long step, @Nullable PackedBatch batch) {
    beingPacked = NONE;
    filling = batch != null && keep(step, batch);
    notifyAll();
    return filling;
  }

  /** False if no more bytes may be kept. */
  private boolean keep(long step, PackedBatch batch) {
    boolean isWanted = !closed && step >= next && !ready.containsKey(step);
    if (isWanted && kept.take(batch.length())) {
      ready.put(step, batch);
      return true;
    }
    batch.close();
    return !isWanted;
  }

  private synchronized void again() {
    filling = queue();
  }

  /** Frees all bodies; the reader may come back. */
  synchronized void clear() {
    while (!ready.isEmpty()) free(ready.pollFirstEntry().getValue());
  }

  /** Frees all bodies and keeps none from now on. */
  synchronized void close() {
    closed = true;
    clear();
  }

  private void free(PackedBatch batch) {
    kept.giveBack(batch.length());
    batch.close();
  }
}
