package dev.mixwell.serving;

import dev.mixwell.pack.BodyFormat;
import dev.mixwell.pack.PackedBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Bodies packed before they are asked for, by reader, over all runs of a server: within a number of
 * bytes, freed when served or passed. Where the bytes do not suffice, readers that asked longest
 * ago give theirs up. Thread-safe.
 */
public final class PackedAhead implements AutoCloseable {
  /** Readers remembered; an idle one holds no more than its bodies. */
  private static final int MAX_READERS = 4_096;

  /** Who pulls: peers that ask with the same rank share a lane. */
  public record Reader(String run, int attempt, int rank, BodyFormat format) {}

  private final Packers packers;
  private final int steps;
  private final Allowance allowance;
  private final SequencedMap<Reader, Lane> lanes =
      new LinkedHashMap<>(16, 0.75f, true); // guarded by itself
  private final LongAdder ready = new LongAdder();
  private final LongAdder missed = new LongAdder();

  /**
   * @param steps bodies kept ready for each reader; 0 for none
   */
  public PackedAhead(Packers packers, int steps, long maxBytes) {
    this.packers = packers;
    this.steps = steps;
    this.allowance = new Allowance(maxBytes);
  }

  /**
   * The body of an issued step, now the caller's to close; the reader's next ones will be packed.
   * Null if the caller has to have it packed by itself.
   *
   * @param packing makes the body of a step; null if it is not issued yet
   */
  public @Nullable Body take(
      Reader reader, long step, LongFunction<@Nullable PackedBatch> packing) {
    if (steps == 0) return null;
    Lane lane = lane(reader, packing);
    if (allowance.isSpent()) clearAllBut(lane);
    try {
      Body body = lane.take(step);
      (body != null && body.ahead() ? ready : missed).increment();
      return body;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private Lane lane(Reader reader, LongFunction<@Nullable PackedBatch> packing) {
    synchronized (lanes) {
      Lane lane = lanes.get(reader);
      if (lane != null) return lane;
      closeSuperseded(reader);
      if (lanes.size() == MAX_READERS) lanes.pollFirstEntry().getValue().close();
      lane = new Lane(packing, steps, allowance, packers);
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

  /** Frees the bodies of the readers that asked longest ago until some may be kept again. */
  private void clearAllBut(Lane lane) {
    var others = new ArrayList<Lane>();
    synchronized (lanes) {
      others.addAll(lanes.values());
    }
    for (Lane other : others) {
      if (!allowance.isSpent()) return;
      if (other != lane) other.clear();
    }
  }

  public long keptBytes() {
    return allowance.keptBytes();
  }

  /** Bodies that were ready when they were asked for. */
  public long ready() {
    return ready.sum();
  }

  /** Bodies that were packed while somebody waited. */
  public long missed() {
    return missed.sum();
  }

  /** Frees everything; the packers must have ended. */
  @Override
  public void close() {
    synchronized (lanes) {
      for (Lane lane : lanes.values()) lane.close();
      lanes.clear();
    }
  }
}
