package dev.mixwell.demo;

import dev.mixwell.api.HistoryEntry;
import java.util.List;
import java.util.Locale;

/** The sampled share of every group over the steps, as a picture that any browser shows. */
final class MixtureChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int RIGHT = 170;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int SHARE_LINES = 4;

  /** Distinct also to most people who are colour-blind (Okabe and Ito 2008). */
  private static final List<String> COLOURS =
      List.of(
          "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7");

  private final List<HistoryEntry> steps;
  private final List<String> groups;
  private final double highest;

  /**
   * @param steps in order, at least one
   */
  MixtureChart(List<HistoryEntry> steps) {
    this.steps = steps;
    this.groups = List.copyOf(steps.getFirst().q().keySet());
    double largest = 0;
    for (HistoryEntry step : steps)
      for (double q : step.q().values()) largest = Math.max(largest, q);
    this.highest = largest;
  }

  /**
   * @param swappedAt the step to mark
   */
  String svg(long swappedAt) {
    var svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>",
        WIDTH,
        HEIGHT);
    line(svg, "<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
    line(
        svg,
        "<text x='%d' y='22' font-size='15'>share of each group in the rows sampled, by step</text>",
        LEFT);
    for (int i = 0; i <= SHARE_LINES; i++) shareLine(svg, highest * i / SHARE_LINES);
    double x = x(swappedAt);
    line(
        svg,
        "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='grey' stroke-dasharray='4'/>",
        x,
        x,
        TOP,
        HEIGHT - BOTTOM);
    line(
        svg,
        "<text x='%.1f' y='%d' text-anchor='middle'>swap at step %d</text>",
        x,
        HEIGHT - BOTTOM + 18,
        swappedAt);
    line(svg, "<text x='%d' y='%d'>0</text>", LEFT, HEIGHT - BOTTOM + 18);
    line(
        svg,
        "<text x='%d' y='%d' text-anchor='end'>%d</text>",
        WIDTH - RIGHT,
        HEIGHT - BOTTOM + 18,
        steps.size());
    for (int g = 0; g < groups.size(); g++) group(svg, g);
    return svg.append("</svg>\n").toString();
  }

  private void shareLine(StringBuilder svg, double share) {
    line(
        svg,
        "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>",
        LEFT,
        WIDTH - RIGHT,
        y(share),
        y(share));
    line(svg, "<text x='%d' y='%.1f' text-anchor='end'>%.2f</text>", LEFT - 8, y(share) + 4, share);
  }

  private void group(StringBuilder svg, int group) {
    String name = groups.get(group);
    String colour = COLOURS.get(group % COLOURS.size());
    svg.append("<polyline fill='none' stroke-width='1.8' stroke='")
        .append(colour)
        .append("' points='");
    for (int i = 0; i < steps.size(); i++) {
      Double q = steps.get(i).q().get(name);
      if (q != null) svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y(q)));
    }
    svg.append("'/>\n");
    int y = TOP + 20 * group;
    line(
        svg,
        "<rect x='%d' y='%d' width='14' height='4' fill='%s'/>",
        WIDTH - RIGHT + 20,
        y + 4,
        colour);
    line(svg, "<text x='%d' y='%d'>%s</text>", WIDTH - RIGHT + 42, y + 10, name);
  }

  private double x(long step) {
    return LEFT + (double) (WIDTH - LEFT - RIGHT) * step / Math.max(1, steps.size() - 1);
  }

  private double y(double share) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / highest;
  }

  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
