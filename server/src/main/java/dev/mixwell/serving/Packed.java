package dev.mixwell.serving;

import dev.mixwell.pack.PackedBatch;

/**
 * A body and what it took to have it.
 *
 * @param ahead whether it was made before it was asked for
 * @param queueNanos for which the request waited until a thread began to pack
 * @param packNanos for which it waited while its body was packed
 */
public record Packed(PackedBatch body, boolean ahead, long queueNanos, long packNanos)
    implements AutoCloseable {
  static Packed of(Body body, long waitedNanos) {
    long packNanos = body.ahead() ? 0 : Math.min(body.packNanos(), waitedNanos);
    return new Packed(body.batch(), body.ahead(), waitedNanos - packNanos, packNanos);
  }

  @Override
  public void close() {
    body.close();
  }
}
