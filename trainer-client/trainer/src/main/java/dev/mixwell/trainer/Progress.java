package dev.mixwell.trainer;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A line that shows step, loss, tokens a second and the largest shares. */
final class Progress implements Consumer<StepReport>, AutoCloseable {
  private static final int SHOWN_GROUPS = 5;

  private final ProgressBar bar;

  Progress(long steps) {
    bar =
        new ProgressBarBuilder()
            .setTaskName("train")
            .setInitialMax(steps)
            .setUpdateIntervalMillis(500)
            .build();
  }

  @Override
  public void accept(StepReport report) {
    bar.stepTo(report.step() + 1);
    bar.setExtraMessage(line(report));
  }

  /** Such as {@code loss 3.141, 12,345 tok/s, code 50% prose 25%}. */
  static String line(StepReport report) {
    String shares =
        report.shares().entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN_GROUPS)
            .map(e -> String.format(Locale.ROOT, "%s %.0f%%", e.getKey(), 100 * e.getValue()))
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT, "loss %.3f, %,.0f tok/s, %s", report.loss(), report.tokensPerSecond(), shares);
  }

  @Override
  public void close() {
    bar.close();
  }
}
