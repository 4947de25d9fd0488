package dev.mixwell.http.routes;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of bodies that are made and not yet sent, over all requests: beyond it a request
 * is refused, so that slow readers cost other requests and never memory. A request holds one body
 * at a time. A body larger than the bound is admitted alone. Thread-safe.
 */
final class Admission {
  private final long maxBytes;
  private final AtomicLong inFlightBytes = new AtomicLong();

  Admission(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes admitted; closing gives them back. */
  final class Lease implements AutoCloseable {
    private final long bytes;

    private Lease(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      inFlightBytes.addAndGet(-bytes);
    }
  }

  /**
   * Admits a body.
   *
   * @throws Refusal {@code too-many-requests} if it does not fit beside the others
   */
  Lease admit(long bytes) {
    long before = inFlightBytes.getAndAdd(bytes);
    if (before == 0 || before + bytes <= maxBytes) return new Lease(bytes);
    inFlightBytes.addAndGet(-bytes);
    throw new Refusal(
            ProblemType.TOO_MANY_REQUESTS,
            before
                + " bytes of batches wait for slow readers; with this one's "
                + bytes
                + " that is over "
                + maxBytes
                + ".")
        .with("maxInFlightBytes", maxBytes);
  }

  long inFlightBytes() {
    return inFlightBytes.get();
  }
}
