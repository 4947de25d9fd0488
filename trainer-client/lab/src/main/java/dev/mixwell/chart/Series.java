package dev.mixwell.chart;

/** A named row of points. Immutable. */
public final class Series {
  private final String name;
  private final double[] x;
  private final double[] y;

  /**
   * @param x [n] ascending
   * @param y [n] finite
   */
  public Series(String name, double[] x, double[] y) {
    if (x.length != y.length)
      throw new IllegalArgumentException(
          "`%s` has %d x and %d y".formatted(name, x.length, y.length));
    if (x.length == 0) throw new IllegalArgumentException("`" + name + "` has no point");
    this.name = name;
    this.x = x.clone();
    this.y = y.clone();
  }

  String name() {
    return name;
  }

  int size() {
    return x.length;
  }

  double x(int point) {
    return x[point];
  }

  double y(int point) {
    return y[point];
  }
}
