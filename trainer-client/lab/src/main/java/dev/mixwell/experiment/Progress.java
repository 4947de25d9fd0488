package dev.mixwell.experiment;

import dev.mixwell.trainer.StepReport;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How far an experiment is: a line for every arm and seed that is finished, and on a terminal a bar
 * over all steps. Owned by the training thread, but for {@link #stop}.
 */
class Progress implements Consumer<StepReport>, AutoCloseable {
  private final Consumer<String> lines;
  private final int pairs;
  private final long steps;
  private final @Nullable ProgressBar bar;
  private final long startNanos = System.nanoTime();
  private long pairStartNanos;
  private int done;
  private long stepsDone;
  private volatile boolean stopped;

  /**
   * @param lines takes what is said
   * @param pairs of arm and seed to make
   * @param steps of all their runs
   */
  Progress(Consumer<String> lines, int pairs, long steps) {
    this.lines = lines;
    this.pairs = pairs;
    this.steps = steps;
    boolean terminal = System.console() != null && System.console().isTerminal();
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName("experiment")
                .setInitialMax(steps)
                .setUpdateIntervalMillis(500)
                .build()
            : null;
  }

  void begin(Experiment.Pair pair) {
    pairStartNanos = System.nanoTime();
    if (bar != null) bar.setExtraMessage(" " + pair);
  }

  /** Ends the training at its next step. */
  void stop() {
    lines.accept("stopping; what is finished stays");
    stopped = true;
  }

  /**
   * @throws CancellationException once it is stopped
   */
  @Override
  public void accept(StepReport report) {
    if (stopped) throw new CancellationException("stopped");
    stepsDone++;
    if (bar != null) bar.stepTo(stepsDone);
  }

  void finished(Experiment.Pair pair, double perplexity) {
    done++;
    Duration took = Duration.ofNanos(System.nanoTime() - pairStartNanos);
    lines.accept(
        String.format(
            Locale.ROOT,
            "%d of %d: %s: average test perplexity %.4f, %s; %s",
            done,
            pairs,
            pair,
            perplexity,
            words(took),
            left()));
  }

  void failed(Experiment.Pair pair, Exception why) {
    done++;
    lines.accept(done + " of " + pairs + ": " + pair + " FAILED: " + why.getMessage());
  }

  private String left() {
    if (stepsDone == 0) return (pairs - done) + " to go";
    double perStep = (System.nanoTime() - startNanos) / (double) stepsDone;
    Duration left = Duration.ofNanos((long) (perStep * Math.max(0, steps - stepsDone)));
    return done == pairs ? "all done" : "about " + words(left) + " left";
  }

  /** Such as {@code 41 s}, {@code 3 min 5 s} or {@code 2 h 10 min}. */
  static String words(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) return seconds + " s";
    if (seconds < 3_600) return seconds / 60 + " min " + seconds % 60 + " s";
    return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }

  @Override
  public void close() {
    if (bar != null) bar.close();
  }
}
