package dev.mixwell.simulate;

import dev.mixwell.base.Json;
import dev.mixwell.chart.Chart;
import dev.mixwell.chart.Series;
import dev.mixwell.chart.Xml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Comparisons as files: {@code numbers.json}, charts of the first seed, and {@code index.html} with
 * all of it. The same comparisons give the same bytes.
 */
final class ComparisonReport {
  private final List<MixerComparison> comparisons;

  ComparisonReport(List<MixerComparison> comparisons) {
    this.comparisons = comparisons;
  }

  /** One run, as in {@code numbers.json}. */
  record Numbers(
      String world,
      String mixer,
      long seed,
      double averageLoss,
      double minusStratified,
      Map<String, GroupNumbers> groups) {}

  /**
   * @param loss after the last step
   * @param meanP as {@link Outcome#p}
   */
  record GroupNumbers(double loss, double meanP) {}

  /** Into a folder that exists. */
  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve("numbers.json"), Json.writePretty(numbers()) + "\n");
    for (MixerComparison c : comparisons) {
      Files.writeString(directory.resolve(lossFile(c)), losses(c, false).svg());
      Files.writeString(directory.resolve(differenceFile(c)), losses(c, true).svg());
      for (MixerComparison.Row row : c.rows())
        Files.writeString(directory.resolve(sharesFile(c, row)), shares(c, row).svg());
    }
    Files.writeString(directory.resolve("index.html"), html());
  }

  List<Numbers> numbers() {
    var all = new ArrayList<Numbers>();
    for (MixerComparison c : comparisons)
      for (MixerComparison.Row row : c.rows())
        for (int i = 0; i < row.outcomes().size(); i++)
          all.add(numbers(row.outcomes().get(i), row.difference(i)));
    return all;
  }

  private static Numbers numbers(Outcome o, double difference) {
    var groups = new LinkedHashMap<String, GroupNumbers>();
    for (int i = 0; i < o.p().size(); i++)
      groups.put(
          o.world().groups().get(i).name(), new GroupNumbers(o.losses().get(i), o.p().get(i)));
    return new Numbers(o.world().name(), o.mixer(), o.seed(), o.averageLoss(), difference, groups);
  }

  /**
   * @param compared whether the baseline's loss is subtracted: the lines lie close together
   */
  private static Chart losses(MixerComparison c, boolean compared) {
    var lines = new ArrayList<Series>();
    for (MixerComparison.Row row : c.rows()) {
      List<Outcome.Point> course = row.outcomes().getFirst().course();
      List<Outcome.Point> baseline = row.baseline().getFirst().course();
      double[] y = new double[course.size()];
      for (int i = 0; i < y.length; i++)
        y[i] = course.get(i).averageLoss() - (compared ? baseline.get(i).averageLoss() : 0);
      lines.add(new Series(row.mixer(), steps(course), y));
    }
    String what = compared ? ": average loss minus stratified" : ": average loss";
    return Chart.lines(c.world().name() + what + ", nats per token, by step", lines);
  }

  private static Chart shares(MixerComparison c, MixerComparison.Row row) {
    List<Outcome.Point> course = row.outcomes().getFirst().course();
    var areas = new ArrayList<Series>();
    for (int g = 0; g < c.world().size(); g++) {
      double[] y = new double[course.size()];
      for (int i = 0; i < y.length; i++) y[i] = course.get(i).p().get(g);
      areas.add(new Series(c.world().groups().get(g).name(), steps(course), y));
    }
    return Chart.areas(c.world().name() + ", " + row.mixer() + ": proportions by step", areas);
  }

  private static double[] steps(List<Outcome.Point> course) {
    double[] x = new double[course.size()];
    for (int i = 0; i < x.length; i++) x[i] = course.get(i).step();
    return x;
  }

  private static String lossFile(MixerComparison c) {
    return c.world().name() + "-loss.svg";
  }

  private static String differenceFile(MixerComparison c) {
    return c.world().name() + "-difference.svg";
  }

  private static String sharesFile(MixerComparison c, MixerComparison.Row row) {
    return c.world().name() + "-" + row.mixer().replaceAll("[^A-Za-z0-9.-]", "-") + ".svg";
  }

  private String html() {
    var html = new StringBuilder();
    html.append("<!doctype html>\n<html lang='en'><meta charset='utf-8'>\n")
        .append("<title>Mixwell: simulated mixers</title>\n")
        .append("<style>body{font-family:sans-serif;margin:2em;max-width:80em}")
        .append("td,th{padding:.2em 1em;text-align:right}td:first-child{text-align:left}")
        .append("img{max-width:48%}</style>\n<h1>Simulated mixers</h1>\n");
    for (MixerComparison c : comparisons) section(html, c);
    return html.append("</html>\n").toString();
  }

  private static void section(StringBuilder html, MixerComparison c) {
    html.append("<h2>%s</h2>\n<p>%s</p>\n".formatted(c.world().name(), c.world().description()));
    html.append("<table>\n<tr><th>mixer<th>average loss<th>minus stratified<th>largest p</tr>\n");
    for (MixerComparison.Row row : c.rows()) {
      Outcome first = row.outcomes().getFirst();
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s<td>%.4f<td>%+.4f<td>%s %.3f</tr>%n",
              Xml.escaped(row.mixer()),
              row.loss(),
              row.difference(),
              c.world().groups().get(first.largest()).name(),
              first.p().get(first.largest())));
    }
    html.append("</table>\n");
    image(html, lossFile(c));
    image(html, differenceFile(c));
    for (MixerComparison.Row row : c.rows()) image(html, sharesFile(c, row));
  }

  private static void image(StringBuilder html, String file) {
    html.append("<img src='").append(file).append("' alt='").append(file).append("'>\n");
  }
}
