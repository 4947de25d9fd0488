package dev.mixwell.cli.index;

import dev.mixwell.ingest.Progress;
import dev.mixwell.sidecar.Sidecar;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on standard error: bytes read, MB/s, time left, documents. */
final class ProgressMeter implements Progress, AutoCloseable {
  private static final long BYTES_PER_MB = 1_000_000;
  private static final int TERMINAL_INTERVAL_MILLIS = 250;
  private static final int FILE_INTERVAL_MILLIS = 10_000; // a log should not fill with bars

  private final ProgressBar bar;
  private Sidecar.@Nullable Counts joined;

  ProgressMeter(long totalBytes) {
    this(totalBytes, System.err);
  }

  ProgressMeter(long totalBytes, PrintStream err) {
    bar = bar("index", totalBytes, err);
  }

  /** One that advances by bytes. */
  static ProgressBar bar(String task, long totalBytes, PrintStream err) {
    var console = System.console();
    boolean isTerminal = console != null && console.isTerminal();
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(totalBytes == 0 ? -1 : totalBytes)
        .setUnit(" MB", BYTES_PER_MB)
        .showSpeed()
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(isTerminal ? TERMINAL_INTERVAL_MILLIS : FILE_INTERVAL_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(err))
        .build();
  }

  @Override
  public void reached(long documents, long readBytes) {
    bar.stepTo(readBytes);
    bar.setExtraMessage(" %,d documents".formatted(documents));
  }

  @Override
  public void joined(Sidecar.Counts counts) {
    joined = counts;
  }

  /** What became of the rows of metadata; null without. */
  Sidecar.@Nullable Counts joined() {
    return joined;
  }

  @Override
  public void close() {
    bar.close();
  }
}
