package dev.mixwell.serving;

import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bodies of all runs of a server, on threads of its own, where it can before they are
 * asked for. The bodies that lie ready stay within a number of bytes, and are freed when they are
 * served or passed. Where the bytes do not suffice, readers that asked longest ago give theirs up.
 * Thread-safe.
 */
public final class Packing implements AutoCloseable {
  /** Readers remembered; an idle one holds no more than its bodies. */
  private static final int MAX_READERS = 4_096;

  /** Who pulls: peers that ask with the same rank share a lane. */
  record Reader(String run, int attempt, int rank, BodyFormat format) {}

  private final PackingThreads threads;
  private final int steps;
  private final KeptBytes kept;
  private final SequencedMap<Reader, Lane> lanes =
      new LinkedHashMap<>(16, 0.75f, true); // guarded by itself
  private final LongAdder ready = new LongAdder();
  private final LongAdder missed = new LongAdder();

  /**
   * @param threadCount threads that pack and read shards
   * @param steps bodies kept ready for each reader; 0 for none
   * @param maxBytes of all bodies kept ready
   */
  public Packing(int threadCount, int steps, long maxBytes) {
    this.threads = new PackingThreads(threadCount);
    this.steps = steps;
    this.kept = new KeptBytes(maxBytes);
  }

  /**
   * The body of an issued step, which lay ready or is packed now; the caller closes it. The
   * reader's next ones will be packed.
   *
   * @param packing makes this body
   * @param next makes the body of a later step; null if it is not issued yet, or not at hand
   */
  ReadyBody take(
      Reader reader,
      long step,
      Supplier<PackedBatch> packing,
      LongFunction<@Nullable PackedBatch> next) {
    if (steps == 0) return packed(packing);
    Lane lane = lane(reader, next);
    ReadyBody lying = taken(lane, step);
    ReadyBody body = lying == null ? packed(packing) : lying;
    (body.ahead() ? ready : missed).increment();
    long bytes = body.batch().length();
    if (!kept.hasRoom(bytes) && kept.couldHold(bytes)) clearAllBut(lane, bytes);
    lane.fill(bytes);
    return body;
  }

  private static @Nullable ReadyBody taken(Lane lane, long step) {
    try {
      return lane.take(step);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** A body that is packed now; the caller closes it. */
  ReadyBody packed(Supplier<PackedBatch> packing) {
    long askedNanos = System.nanoTime();
    return threads.call(
        () -> {
          long begunNanos = System.nanoTime();
          PackedBatch batch = packing.get();
          long packNanos = System.nanoTime() - begunNanos;
          return new ReadyBody(batch, false, begunNanos - askedNanos, packNanos);
        });
  }

  /** Does what may read shards once no body waits to be packed; false once this is closed. */
  boolean later(Runnable reading) {
    return threads.run(PackingThreads.Urgency.ROWS_AHEAD, reading);
  }

  private Lane lane(Reader reader, LongFunction<@Nullable PackedBatch> next) {
    synchronized (lanes) {
      Lane lane = lanes.get(reader);
      if (lane != null) return lane;
      closeSuperseded(reader);
      if (lanes.size() == MAX_READERS) lanes.pollFirstEntry().getValue().close();
      lane = new Lane(next, steps, kept, threads);
      lanes.put(reader, lane);
      return lane;
    }
  }

  /** No reader of an earlier attempt of the run goes on. */
  private void closeSuperseded(Reader reader) {
    lanes
        .entrySet()
        .removeIf(
            other -> {
              Reader earlier = other.getKey();
              boolean superseded =
                  earlier.run().equals(reader.run()) && earlier.attempt() < reader.attempt();
              if (superseded) other.getValue().close();
              return superseded;
            });
  }

  /** Frees the bodies of the readers that asked longest ago until so many bytes may be kept. */
  private void clearAllBut(Lane lane, long bytes) {
    var others = new ArrayList<Lane>();
    synchronized (lanes) {
      others.addAll(lanes.values());
    }
    for (Lane other : others) {
      if (kept.hasRoom(bytes)) return;
      if (other != lane) other.clear();
    }
  }

  /** Bytes of the bodies that lie ready. */
  public long keptBytes() {
    return kept.sum();
  }

  /** Bodies that were ready when they were asked for. */
  public long ready() {
    return ready.sum();
  }

  /** Bodies that were packed while somebody waited. */
  public long missed() {
    return missed.sum();
  }

  /** What failed ahead of its request; the log has the first of each kind, with its cause. */
  public long failed() {
    return threads.failed();
  }

  /** Waits for what is being read, and frees everything: afterwards the shards may be closed. */
  @Override
  public void close() {
    threads.close();
    synchronized (lanes) {
      for (Lane lane : lanes.values()) lane.close();
      lanes.clear();
    }
  }
}
