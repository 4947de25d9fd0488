package dev.mixwell.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of several series over the same x, with axes and a legend: as lines, or as areas on top
 * of each other. On light and dark ground, alone or inside a page. The same series give the same
 * text.
 */
public final class Chart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int RIGHT = 170;
  private static final int TOP = 40;
  private static final int BOTTOM = 45;
  private static final int TICKS = 5;
  private static final int LEGEND_LINE = 20;

  private final String title;
  private final List<Series> series;
  private final Axis x;
  private final Axis y;
  private final StringBuilder svg = new StringBuilder();

  /** Where values lie, and at which of them a line is drawn. */
  private record Axis(double least, double most) {
    /** Round numbers apart: 1, 2 or 5 times a power of ten. */
    double tick() {
      double raw = (most - least) / TICKS;
      double power = StrictMath.pow(10, Math.floor(StrictMath.log10(raw)));
      double digit = raw / power;
      return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    double place(double value) {
      return (value - least) / (most - least);
    }
  }

  private Chart(String title, List<Series> series, Axis x, Axis y) {
    this.title = title;
    this.series = series;
    this.x = x;
    this.y = y;
  }

  /**
   * Lines from the smallest value to the largest.
   *
   * @param series at least one
   */
  public static Chart lines(String title, List<Series> series) {
    return lines(title, series, Double.POSITIVE_INFINITY);
  }

  /**
   * Lines over an axis that begins at {@code base} or below.
   *
   * @param series at least one
   */
  public static Chart lines(String title, List<Series> series, double base) {
    double least = base;
    double most = Double.NEGATIVE_INFINITY;
    for (Series s : series)
      for (int k = 0; k < s.size(); k++) {
        least = Math.min(least, s.y(k));
        most = Math.max(most, s.y(k));
      }
    var chart = new Chart(title, series, over(series), wide(least, most));
    chart.frame();
    for (int i = 0; i < series.size(); i++) chart.line(i);
    return chart;
  }

  /**
   * Areas on top of each other, the first at the bottom, from 0 to 1.
   *
   * @param series at least one, over the same x, not negative; together at most 1 at each
   */
  public static Chart areas(String title, List<Series> series) {
    var chart = new Chart(title, series, over(series), new Axis(0, 1));
    double[] below = new double[series.getFirst().size()];
    chart.frame();
    for (int i = 0; i < series.size(); i++) chart.area(i, below);
    return chart;
  }

  private static Axis over(List<Series> series) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Series s : series) {
      least = Math.min(least, s.x(0));
      most = Math.max(most, s.x(s.size() - 1));
    }
    return wide(least, most);
  }

  /** An axis needs some width, also for a constant. */
  private static Axis wide(double least, double most) {
    return most > least ? new Axis(least, most) : new Axis(least - 0.5, least + 0.5);
  }

  /** Marks a place with a dashed line and a word above it. */
  public Chart mark(double at, String what) {
    add(
        "<line class='mark' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
        left(at), left(at), TOP, HEIGHT - BOTTOM);
    add(
        "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
        left(at), TOP - 4, Xml.escaped(what));
    return this;
  }

  /** The whole picture. */
  public String svg() {
    return svg + "</svg>\n";
  }

  private void frame() {
    int height = Math.max(HEIGHT, TOP + LEGEND_LINE * series.size() + BOTTOM);
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' class='chart' viewBox='0 0 %d %d' width='%d' height='%d' role='img' aria-label='%s'>",
        WIDTH, height, WIDTH, height, Xml.escaped(title));
    svg.append(Palette.STYLE);
    add("<rect class='paper' width='%d' height='%d'/>", WIDTH, height);
    add("<text class='title' x='%d' y='20'>%s</text>", LEFT, Xml.escaped(title));
    for (double value : ticks(y)) {
      add(
          "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>",
          LEFT, WIDTH - RIGHT, top(value), top(value));
      add(
          "<text x='%d' y='%.1f' text-anchor='end'>%s</text>",
          LEFT - 8, top(value) + 4, shown(value, y.tick()));
    }
    for (double value : ticks(x))
      add(
          "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>",
          left(value), HEIGHT - BOTTOM + 18, shown(value, x.tick()));
  }

  private static List<Double> ticks(Axis axis) {
    var ticks = new ArrayList<Double>();
    double tick = axis.tick();
    long first = (long) Math.ceil(axis.least() / tick - 1e-9);
    long last = (long) Math.floor(axis.most() / tick + 1e-9);
    for (long i = first; i <= last; i++) ticks.add(i * tick);
    return ticks;
  }

  private static String shown(double value, double tick) {
    int decimals = (int) Math.max(0, -Math.floor(StrictMath.log10(tick) + 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private void line(int i) {
    Series s = series.get(i);
    svg.append("<polyline class='line ").append(Palette.of(i)).append("' points='");
    for (int k = 0; k < s.size(); k++) point(s.x(k), s.y(k));
    svg.append("'/>\n");
    int at = TOP + LEGEND_LINE * i + 6;
    add(
        "<line class='line %s' x1='%d' x2='%d' y1='%d' y2='%d'/>",
        Palette.of(i), WIDTH - RIGHT + 16, WIDTH - RIGHT + 40, at, at);
    name(i);
  }

  /**
   * @param below [n] the upper edge of what lies below; raised by this area
   */
  private void area(int i, double[] below) {
    Series s = series.get(i);
    svg.append("<polygon class='area ").append(Palette.of(i)).append("' points='");
    for (int k = s.size() - 1; k >= 0; k--) point(s.x(k), below[k]);
    for (int k = 0; k < s.size(); k++) point(s.x(k), below[k] += s.y(k));
    svg.append("'/>\n");
    add(
        "<rect class='area %s' x='%d' y='%d' width='24' height='12'/>",
        Palette.of(i), WIDTH - RIGHT + 16, TOP + LEGEND_LINE * i);
    name(i);
  }

  private void name(int i) {
    add(
        "<text x='%d' y='%d'>%s</text>",
        WIDTH - RIGHT + 46, TOP + LEGEND_LINE * i + 10, Xml.escaped(series.get(i).name()));
  }

  private void point(double atX, double atY) {
    svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", left(atX), top(atY)));
  }

  private double left(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x.place(value);
  }

  private double top(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y.place(value);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
