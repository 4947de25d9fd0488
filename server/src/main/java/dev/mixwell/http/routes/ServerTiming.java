package dev.mixwell.http.routes;

import dev.mixwell.run.IssuedStep;
import dev.mixwell.serving.ReadyBody;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a puller where its time went (W3C Server Timing; durations in milliseconds): {@code plan}
 * until the step was decided and issued, {@code queue} for a thread that packs, {@code pack}, and
 * {@code write}, which is over only after the headers have left: it is that of the body before, to
 * the same rank. Thread-safe. Remembers a number for each of so many readers, those that were sent
 * something last.
 */
final class ServerTiming {
  static final String HEADER = "Server-Timing";

  static final int MAX_READERS = 4_096;

  private static final int NANOS_PER_MICRO = 1_000;
  private static final int MICROS_PER_MILLI = 1_000;

  /** Who pulls: a rank of an attempt. */
  record Reader(String run, int attempt, int rank) {
    static Reader of(String run, IssuedStep step) {
      return new Reader(run, step.attempt(), step.rank());
    }
  }

  private final Map<Reader, Long> writes =
      new LinkedHashMap<>(16, 0.75f, true) { // guarded by itself
        @Override
        protected boolean removeEldestEntry(Map.Entry<Reader, Long> eldest) {
          return size() > MAX_READERS;
        }
      };

  String header(Reader reader, long planNanos, ReadyBody body) {
    var text = new StringBuilder(96);
    metric(text, "plan", planNanos);
    metric(text.append(", "), "queue", body.queueNanos());
    metric(text.append(", "), "pack", body.packNanos());
    if (body.ahead()) text.append(";desc=ahead");
    Long before = lastWrite(reader);
    if (before != null) metric(text.append(", "), "write", before).append(";desc=previous");
    return text.toString();
  }

  void wrote(Reader reader, long nanos) {
    synchronized (writes) {
      writes.put(reader, nanos);
    }
  }

  /** Null if none is remembered. */
  @Nullable Long lastWrite(Reader reader) {
    synchronized (writes) {
      return writes.get(reader);
    }
  }

  private static StringBuilder metric(StringBuilder text, String name, long nanos) {
    long micros = nanos / NANOS_PER_MICRO;
    long fraction = micros % MICROS_PER_MILLI;
    text.append(name).append(";dur=").append(micros / MICROS_PER_MILLI).append('.');
    if (fraction < 100) text.append('0');
    if (fraction < 10) text.append('0');
    return text.append(fraction);
  }
}
