package dev.mixwell.chart;

import java.util.List;

/**
 * The look of a chart: eight colours that also most people who are colour-blind tell apart, darker
 * on light ground and lighter on dark; the ninth is the first again, dashed.
 */
final class Palette {
  private static final int DASHES = 3;

  private static final List<String> ON_LIGHT =
      List.of(
          "#22262d", "#d55e00", "#0072b2", "#00875f", "#c2528f", "#a67c00", "#6a51c9", "#2b9fb8");
  private static final List<String> ON_DARK =
      List.of(
          "#e8eaee", "#ff9b4a", "#63b4ff", "#35c99b", "#f08fc0", "#e6c34d", "#a99bff", "#8ee3f5");

  /** Stands in the picture itself, so that it needs nothing else. */
  static final String STYLE = style();

  private Palette() {}

  /** The style classes of the series of this number. */
  static String of(int series) {
    return "c" + series % ON_LIGHT.size() + " d" + series / ON_LIGHT.size() % DASHES;
  }

  /** Without variables and nesting, which not every program that shows SVG knows. */
  private static String style() {
    return """
        <style>
        .chart{max-width:100%;height:auto;font:12px system-ui,sans-serif}
        .chart .title{font-size:14px;font-weight:600}
        .chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
        .chart .area{fill-opacity:.8}
        .chart .mark{stroke-dasharray:4 3}
        .chart .d1{stroke-dasharray:6 3}
        .chart .d2{stroke-dasharray:2 3}
        """
        + ground("#ffffff", "#22262d", "#e3e6ea", "#6b7280")
        + colours(ON_LIGHT)
        + "@media (prefers-color-scheme:dark){\n"
        + ground("#14171c", "#d7dae0", "#2c313a", "#8b93a1")
        + colours(ON_DARK)
        + "}\n</style>\n";
  }

  private static String ground(String paper, String ink, String grid, String mark) {
    return ".chart .paper{fill:%s}\n.chart text{fill:%s}\n.chart .grid{stroke:%s}\n.chart .mark{stroke:%s}\n"
        .formatted(paper, ink, grid, mark);
  }

  private static String colours(List<String> colours) {
    var rules = new StringBuilder();
    for (int i = 0; i < colours.size(); i++)
      rules.append(
          ".chart .line.c%d{stroke:%s}.chart .area.c%d{fill:%s}\n"
              .formatted(i, colours.get(i), i, colours.get(i)));
    return rules.toString();
  }
}
