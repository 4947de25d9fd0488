package dev.mixwell.serving;

/**
 * What a server does ahead of its requests: threads that read shards, and the bodies they keep
 * ready. Thread-safe.
 */
public final class Ahead implements AutoCloseable {
  private final Packers packers;
  private final PackedAhead bodies;

  /**
   * @param threads that read shards
   * @param steps bodies kept ready for each rank; 0 for none
   * @param maxBytes of all bodies kept ready
   */
  public Ahead(int threads, int steps, long maxBytes) {
    packers = new Packers(threads);
    bodies = new PackedAhead(packers, steps, maxBytes);
  }

  public Packers packers() {
    return packers;
  }

  public PackedAhead bodies() {
    return bodies;
  }

  /** Waits for what is being read: afterwards the shards may be closed. */
  @Override
  public void close() {
    packers.close();
    bodies.close();
  }
}
