package dev.mixwell.cli.train;

import dev.mixwell.cli.Meter;
import dev.mixwell.trainer.StepReport;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** How far a training is: step, loss, tokens a second and the largest shares. */
final class TrainMeter implements Consumer<StepReport>, AutoCloseable {
  private static final int SHOWN_GROUPS = 5;

  private final Meter meter;

  TrainMeter(long steps, PrintWriter err) {
    meter = new Meter("train", Meter.Unit.STEPS, steps, err);
  }

  /**
   * @throws CancellationException once the training's thread is interrupted: between two steps, for
   *     a process that ends within one takes PyTorch's memory from under it
   */
  @Override
  public void accept(StepReport report) {
    meter.remark(words(report));
    meter.at(report.step() + 1);
    if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
  }

  /** Such as {@code loss 3.141, 12,345 tok/s, code 50% prose 25%}. */
  static String words(StepReport report) {
    String shares =
        report.shares().entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN_GROUPS)
            .map(e -> String.format(Locale.ROOT, "%s %.0f%%", e.getKey(), 100 * e.getValue()))
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT, "loss %.3f, %,.0f tok/s, %s", report.loss(), report.tokensPerSecond(), shares);
  }

  /** All steps are trained. */
  void done() {
    meter.done();
  }

  @Override
  public void close() {
    meter.close();
  }
}
