package dev.mixwell.cli.index;

import dev.mixwell.adopt.AdoptionProgress;
import dev.mixwell.cli.Meter;
import dev.mixwell.sidecar.Sidecar;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far an adoption is, and at its end what is worth a look; of what repeats itself a count. */
final class AdoptionMeter implements AdoptionProgress, AutoCloseable {
  private static final int MAX_WARNINGS = 20;

  private final PrintWriter err;
  private final List<String> warnings = new ArrayList<>();
  private @Nullable Meter meter; // from begin on
  private Sidecar.@Nullable Counts joined;
  private long absent;
  private long moreWarnings;

  AdoptionMeter(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void begin(long totalBytes) {
    meter = new Meter("adopt", Meter.Unit.BYTES, totalBytes, err);
  }

  @Override
  public void file(String name) {
    if (meter != null) meter.remark(name);
  }

  @Override
  public void read(long bytes) {
    if (meter != null) meter.add(bytes);
  }

  @Override
  public void absent(String dataSet) {
    absent++;
  }

  @Override
  public void warn(String what) {
    if (warnings.size() < MAX_WARNINGS) warnings.add(what);
    else moreWarnings++;
  }

  @Override
  public void joined(Sidecar.Counts counts) {
    joined = counts;
  }

  /** What became of the rows of metadata; null without. */
  Sidecar.@Nullable Counts joined() {
    return joined;
  }

  /** The index is there, with so many documents; files that need not be read are no work left. */
  void done(long documents) {
    if (meter == null) return;
    meter.remark(IngestMeter.words(documents));
    meter.done();
  }

  @Override
  public void close() {
    if (meter != null) meter.close();
    for (String warning : warnings) err.println("warning: " + warning);
    if (moreWarnings > 0) err.printf("and %,d warnings more%n", moreWarnings);
    MetadataOptions.print(err, joined);
    if (absent > 0) err.printf("%,d rows without a document were left out%n", absent);
    err.flush();
  }
}
