package dev.mixwell.cli.groups;

import dev.mixwell.group.GroupOverlap;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.StringJoiner;

/** Prints a report for people. */
final class TrialText {
  private static final int SHOWN_METADATA_CHARS = 200;

  private final PrintWriter out;
  private final TrialReport report;
  private final String name; // a column as wide as the names

  TrialText(PrintWriter out, TrialReport report) {
    this.out = out;
    this.report = report;
    int width = "(index)".length();
    for (TrialReport.Group group : report.groups()) width = Math.max(width, group.name().length());
    this.name = "%-" + width + "s";
  }

  void print() {
    line(name + " %15s %18s %7s %15s%s", "group", "documents", "tokens", "share", "rows", epochs());
    for (TrialReport.Group group : report.groups()) print(group);
    line(name + " %,15d %,18d", "(index)", report.documents(), report.tokens());
    line("rows of %,d inputs; nothing held out", report.rowTokens());
    Long budget = report.budgetTokens();
    if (budget != null)
      line("epochs: if all %,d tokens came from that group; half of it, half as many", budget);
    if (report.groups().size() > 1) printOverlaps();
    for (TrialReport.Group group : report.groups()) printSample(group);
    out.flush();
  }

  private String epochs() {
    return report.budgetTokens() == null ? "" : "     epochs";
  }

  private void print(TrialReport.Group group) {
    Double epochs = group.epochs();
    String ofBudget =
        report.budgetTokens() == null ? "" : epochs == null ? "          -" : "%11.4g";
    line(
        name + " %,15d %,18d %6.2f%% %,15d" + ofBudget + "  %s",
        epochs == null
            ? new Object[] {
              group.name(),
              group.documents(),
              group.tokens(),
              share(group.tokens()),
              group.rows(),
              group.understood()
            }
            : new Object[] {
              group.name(),
              group.documents(),
              group.tokens(),
              share(group.tokens()),
              group.rows(),
              epochs,
              group.understood()
            });
  }

  private double share(long tokens) {
    return 100.0 * tokens / Math.max(1, report.tokens());
  }

  private void printOverlaps() {
    if (report.overlaps().isEmpty()) line("no document is in two of them");
    for (GroupOverlap overlap : report.overlaps())
      line(
          "in %s and %s: %,d documents, %,d tokens (%.2f%% and %.2f%% of them)",
          overlap.first(),
          overlap.second(),
          overlap.documents(),
          overlap.tokens(),
          100.0 * overlap.tokens() / tokens(overlap.first()),
          100.0 * overlap.tokens() / tokens(overlap.second()));
  }

  private long tokens(String group) {
    for (TrialReport.Group g : report.groups()) if (g.name().equals(group)) return g.tokens();
    throw new IllegalArgumentException("no group " + group);
  }

  private void printSample(TrialReport.Group group) {
    if (group.sample().isEmpty()) return;
    line("%nsample of %s", group.name());
    for (TrialReport.Sampled document : group.sample()) {
      line(
          "  %s (%s, document %,d, %,d tokens) %s",
          document.id(),
          document.shard(),
          document.ordinal(),
          document.lengthTokens(),
          metadata(document));
      String text = document.text();
      line("    %s", text == null ? "ids " + document.ids() : "\"" + onOneLine(text) + "\"");
    }
  }

  private static String metadata(TrialReport.Sampled document) {
    var all = new StringJoiner(", ");
    document
        .metadata()
        .forEach(
            (key, values) ->
                all.add(key + "=" + (values.size() == 1 ? values.getFirst() : values)));
    return onOneLine(all.toString());
  }

  /** Escape sequences of a corpus are not for the terminal. */
  private static String onOneLine(String text) {
    String printable = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return printable.length() <= SHOWN_METADATA_CHARS
        ? printable
        : printable.substring(0, SHOWN_METADATA_CHARS) + "...";
  }

  private void line(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
