package dev.mixwell.chart;

/**
 * A named row of points. The arrays belong to it: nobody changes them.
 *
 * @param x [n] ascending
 * @param y [n] finite
 */
public record Series(String name, double[] x, double[] y) {
  public Series {
    if (x.length != y.length)
      throw new IllegalArgumentException(
          "`%s` has %d x and %d y".formatted(name, x.length, y.length));
    if (x.length == 0) throw new IllegalArgumentException("`" + name + "` has no point");
  }
}
