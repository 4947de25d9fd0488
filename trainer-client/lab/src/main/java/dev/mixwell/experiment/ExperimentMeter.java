package dev.mixwell.experiment;

import dev.mixwell.cli.Meter;
import dev.mixwell.trainer.StepReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * How far an experiment is: a line for every arm and seed that is finished, and a meter over all
 * steps. Owned by the training thread, but for {@link #stop}.
 */
class ExperimentMeter implements Consumer<StepReport>, AutoCloseable {
  private final Consumer<String> lines;
  private final int pairs;
  private final long steps;
  private final Meter meter;
  private final long startNanos = System.nanoTime();
  private long pairStartNanos;
  private int done;
  private long stepsDone;
  private volatile boolean stopped;

  /**
   * @param lines takes what is said
   * @param pairs of arm and seed to make
   * @param steps of all their runs
   * @param err where the meter stands
   */
  ExperimentMeter(Consumer<String> lines, int pairs, long steps, PrintWriter err) {
    this.lines = lines;
    this.pairs = pairs;
    this.steps = steps;
    this.meter = new Meter("experiment", Meter.Unit.STEPS, steps, err);
  }

  void begin(Experiment.Pair pair) {
    pairStartNanos = System.nanoTime();
    meter.remark(pair.toString());
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
    meter.at(stepsDone);
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

  /** All is made, but for what failed. */
  void allDone() {
    meter.remark("");
    meter.done();
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
    meter.close();
  }
}
