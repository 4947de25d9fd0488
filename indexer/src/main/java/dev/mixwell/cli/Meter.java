package dev.mixwell.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a command is, on standard error: a bar on a terminal, elsewhere a line now and then. The
 * last line says where it ended. Thread-safe.
 */
public final class Meter implements AutoCloseable {
  private static final int BAR_INTERVAL_MILLIS = 250;
  private static final long LINE_INTERVAL_NANOS = 10_000_000_000L;

  private final String task;
  private final Scale scale;
  private final PrintWriter err;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private final @Nullable ProgressBar bar; // on a terminal only
  private long total;
  private long done;
  private String remark = "";
  private long saidNanos;
  private boolean isDone;

  /** What is counted. */
  public enum Unit {
    BYTES,
    STEPS,
    ENTRIES;

    /** As people read it: bytes in a size that fits all of them. */
    private Scale scale(long total) {
      return switch (this) {
        case BYTES -> total < 10 * Scale.MEGABYTES.size ? Scale.KILOBYTES : Scale.MEGABYTES;
        case STEPS -> new Scale("steps", 1);
        case ENTRIES -> new Scale("entries", 1);
      };
    }
  }

  private record Scale(String name, long size) {
    private static final Scale KILOBYTES = new Scale("kB", 1_000);
    private static final Scale MEGABYTES = new Scale("MB", 1_000_000);

    String of(double count) {
      return String.format(Locale.ROOT, size == 1 ? "%,.0f" : "%,.1f", count / size);
    }
  }

  /**
   * @param total 0 if it is not known
   */
  public Meter(String task, Unit unit, long total, PrintWriter err) {
    this(task, unit, total, err, isTerminal(), System::nanoTime);
  }

  Meter(
      String task,
      Unit unit,
      long total,
      PrintWriter err,
      boolean isTerminal,
      LongSupplier nanoTime) {
    this.task = task;
    this.scale = unit.scale(total);
    this.total = total;
    this.err = err;
    this.nanoTime = nanoTime;
    startNanos = nanoTime.getAsLong();
    saidNanos = startNanos;
    bar = isTerminal ? bar() : null;
  }

  private static boolean isTerminal() {
    String told = System.getProperty(Program.TERMINAL_PROPERTY);
    if (told != null) return Boolean.parseBoolean(told);
    var console = System.console();
    return console != null && console.isTerminal();
  }

  private ProgressBar bar() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total == 0 ? -1 : total)
        .setUnit(" " + scale.name, scale.size)
        .showSpeed()
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(BAR_INTERVAL_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }

  /** The total has become known. */
  public synchronized void total(long count) {
    total = count;
    if (bar != null) bar.maxHint(count);
  }

  /** So much is done by now. */
  public synchronized void at(long count) {
    done = count;
    if (bar != null) bar.stepTo(count);
    else if (nanoTime.getAsLong() - saidNanos >= LINE_INTERVAL_NANOS) say(line());
  }

  /** So much more is done. */
  public synchronized void add(long count) {
    at(done + count);
  }

  /** A few words on what it is at. */
  public synchronized void remark(String words) {
    remark = words;
    if (bar != null) bar.setExtraMessage(" " + words);
  }

  /** All is done, whatever was counted: what need not be read is no work left. */
  public synchronized void done() {
    isDone = true;
    if (total < done || total == 0) total = done;
    done = total;
    if (bar != null) bar.maxHint(total).stepTo(total);
  }

  @Override
  public synchronized void close() {
    if (bar != null) bar.close();
    else if (isDone) say(line());
    else if (done > 0) say("stopped at " + line());
  }

  private void say(String line) {
    saidNanos = nanoTime.getAsLong();
    err.println(task + ": " + line);
    err.flush();
  }

  private String line() {
    double seconds = Math.max(1e-3, (nanoTime.getAsLong() - startNanos) / 1e9);
    String speed = scale.of(done / seconds) + " " + scale.name + "/s";
    String count = scale.of(done);
    if (total > 0) {
      double percent = 100.0 * done / total;
      long whole = done == total ? 100 : Math.min(99, (long) percent); // 100 is the end
      count = whole + " %, " + count + " of " + scale.of(total);
    }
    String end = remark.isBlank() ? "" : ", " + remark.strip();
    return count + " " + scale.name + ", " + speed + end;
  }
}
