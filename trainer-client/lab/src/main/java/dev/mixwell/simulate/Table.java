package dev.mixwell.simulate;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Comparisons for a terminal. */
final class Table {
  private final String line;
  private final PrintWriter out;

  private Table(int longestMixer, PrintWriter out) {
    this.line = "%-12s %-" + longestMixer + "s %12s %18s  %-20s %9s%n";
    this.out = out;
  }

  static void print(List<MixerComparison> comparisons, PrintWriter out) {
    int longest = 0;
    for (MixerComparison.Row row : comparisons.getFirst().rows())
      longest = Math.max(longest, row.mixer().length());
    var table = new Table(longest, out);
    table.line("world", "mixer", "average loss", "minus stratified", "largest p", "steps/s");
    for (MixerComparison c : comparisons) {
      out.println();
      for (MixerComparison.Row row : c.rows()) table.row(c.world(), row);
    }
  }

  private void row(World world, MixerComparison.Row row) {
    Outcome first = row.outcomes().getFirst();
    String group = world.groups().get(first.largest()).name();
    line(
        world.name(),
        row.mixer(),
        text("%.4f", row.loss()),
        difference(row),
        text("%.3f ", first.p().get(first.largest())) + group,
        text("%,.0f", row.stepsPerSecond()));
  }

  private void line(Object... cells) {
    out.printf(Locale.ROOT, line, cells);
  }

  private static String difference(MixerComparison.Row row) {
    String mean = text("%+.4f", row.difference());
    return row.outcomes().size() == 1 ? mean : mean + text(" ±%.4f", row.standardError());
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
