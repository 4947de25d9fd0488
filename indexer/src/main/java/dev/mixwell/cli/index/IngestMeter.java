package dev.mixwell.cli.index;

import dev.mixwell.cli.Meter;
import dev.mixwell.ingest.IngestProgress;
import dev.mixwell.sidecar.Sidecar;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far an ingest is: bytes read, and documents written. */
final class IngestMeter implements IngestProgress, AutoCloseable {
  private final Meter meter;
  private Sidecar.@Nullable Counts joined;

  IngestMeter(long totalBytes, PrintWriter err) {
    meter = new Meter("index", Meter.Unit.BYTES, totalBytes, err);
  }

  @Override
  public void reached(long documents, long readBytes) {
    meter.remark(words(documents));
    meter.at(readBytes);
  }

  @Override
  public void joined(Sidecar.Counts counts) {
    joined = counts;
  }

  /** What became of the rows of metadata; null without. */
  Sidecar.@Nullable Counts joined() {
    return joined;
  }

  /** The index is there, with so many documents. */
  void done(long documents) {
    meter.remark(words(documents));
    meter.done();
  }

  static String words(long documents) {
    return String.format(Locale.ROOT, "%,d documents", documents);
  }

  @Override
  public void close() {
    meter.close();
  }
}
