package dev.mixwell.cli.index;

import dev.mixwell.adopt.Report;
import dev.mixwell.sidecar.Sidecar;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A bar on standard error, and below it what is worth a look; of what repeats itself a count. */
final class AdoptionMeter implements Report, AutoCloseable {
  private static final int MAX_WARNINGS = 20;

  private final PrintWriter err;
  private final List<String> warnings = new ArrayList<>();
  private @Nullable ProgressBar bar;
  private Sidecar.@Nullable Counts joined;
  private long absent;
  private long moreWarnings;

  AdoptionMeter(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void begin(long totalBytes) {
    bar = ProgressMeter.bar("adopt", totalBytes, System.err);
  }

  @Override
  public void file(String name) {
    if (bar != null) bar.setExtraMessage(" " + name);
  }

  @Override
  public void read(long bytes) {
    if (bar != null) bar.stepBy(bytes);
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

  /** The index is there; files that need not be read are no work left. */
  void done() {
    if (bar != null) bar.stepTo(bar.getMax());
  }

  @Override
  public void close() {
    if (bar != null) bar.close();
    for (String warning : warnings) err.println("warning: " + warning);
    if (moreWarnings > 0) err.printf("and %,d warnings more%n", moreWarnings);
    MetadataOptions.print(err, joined);
    if (absent > 0) err.printf("%,d rows without a document were left out%n", absent);
    err.flush();
  }
}
