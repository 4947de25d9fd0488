package dev.mixwell.http;

import dev.mixwell.serving.ReadyBody;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells a puller where its time went (W3C Server Timing; durations in milliseconds): {@code plan}
 * until the step was decided and issued, {@code queue} for a thread that packs, {@code pack}, and
 * {@code write}, which is over only after the headers have left: it is that of the body before, to
 * the same rank. Thread-safe; remembers a number for each rank of each run.
 */
final class ServerTiming {
  static final String HEADER = "Server-Timing";

  private static final int NANOS_PER_MICRO = 1_000;
  private static final int MICROS_PER_MILLI = 1_000;

  private record Reader(String run, int rank) {}

  private final Map<Reader, Long> writes = new ConcurrentHashMap<>();

  String header(String run, int rank, long planNanos, ReadyBody body) {
    var text = new StringBuilder(96);
    metric(text, "plan", planNanos);
    metric(text.append(", "), "queue", body.queueNanos());
    metric(text.append(", "), "pack", body.packNanos());
    if (body.ahead()) text.append(";desc=ahead");
    Long before = writes.get(new Reader(run, rank));
    if (before != null) metric(text.append(", "), "write", before).append(";desc=previous");
    return text.toString();
  }

  void wrote(String run, int rank, long nanos) {
    writes.put(new Reader(run, rank), nanos);
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
