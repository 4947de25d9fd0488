package dev.mixwell.serving;

import dev.mixwell.pack.PackedBatch;

/**
 * A body that can be sent, and where the time went until it could. To be closed once it is sent.
 *
 * @param ahead whether it lay ready when it was asked for
 * @param queueNanos for which the request waited until a thread began to pack
 * @param packNanos for which the request waited while its body was packed
 */
public record ReadyBody(PackedBatch batch, boolean ahead, long queueNanos, long packNanos)
    implements AutoCloseable {
  @Override
  public void close() {
    batch.close();
  }
}
