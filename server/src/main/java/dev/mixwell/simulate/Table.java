package dev.mixwell.simulate;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Comparisons for a terminal. */
final class Table {
  private static final String LINE = "%-12s %-24s %12s %18s  %-20s %9s%n";

  private Table() {}

  static void print(List<Comparison> comparisons, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        LINE,
        "world",
        "mixer",
        "average loss",
        "minus stratified",
        "largest p",
        "steps/s");
    for (Comparison c : comparisons) {
      out.println();
      for (Comparison.Row row : c.rows()) print(c.world(), row, out);
    }
  }

  private static void print(World world, Comparison.Row row, PrintWriter out) {
    Outcome first = row.outcomes().getFirst();
    String group = world.groups().get(first.largest()).name();
    out.printf(
        Locale.ROOT,
        LINE,
        world.name(),
        row.mixer(),
        text("%.4f", row.loss()),
        difference(row),
        text("%.3f ", first.p()[first.largest()]) + group,
        text("%,.0f", row.stepsPerSecond()));
  }

  private static String difference(Comparison.Row row) {
    String mean = text("%+.4f", row.difference());
    return row.outcomes().size() == 1 ? mean : mean + text(" ±%.4f", row.standardError());
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
