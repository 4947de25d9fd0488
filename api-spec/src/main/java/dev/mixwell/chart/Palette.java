package dev.mixwell.chart;

/**
 * The look of a chart: eight colours that also most people who are colour-blind tell apart, darker
 * on light ground and lighter on dark; the ninth is the first again, dashed.
 */
final class Palette {
  private static final int COLOURS = 8;
  private static final int DASHES = 3;

  private static final String LIGHT =
      """
      .chart .paper{fill:#ffffff}.chart text{fill:#22262d}.chart .grid{stroke:#e3e6ea}.chart .mark{stroke:#6b7280}
      .chart .c0{--c:#22262d}.chart .c1{--c:#d55e00}.chart .c2{--c:#0072b2}.chart .c3{--c:#00875f}
      .chart .c4{--c:#c2528f}.chart .c5{--c:#a67c00}.chart .c6{--c:#6a51c9}.chart .c7{--c:#2b9fb8}
      """;

  private static final String DARK =
      """
      .chart .paper{fill:#14171c}.chart text{fill:#d7dae0}.chart .grid{stroke:#2c313a}.chart .mark{stroke:#8b93a1}
      .chart .c0{--c:#e8eaee}.chart .c1{--c:#ff9b4a}.chart .c2{--c:#63b4ff}.chart .c3{--c:#35c99b}
      .chart .c4{--c:#f08fc0}.chart .c5{--c:#e6c34d}.chart .c6{--c:#a99bff}.chart .c7{--c:#8ee3f5}
      """;

  /** Stands in the picture itself, so that it needs nothing else. */
  static final String STYLE =
      """
      <style>
      .chart{max-width:100%;height:auto;font:12px system-ui,sans-serif}
      .chart .title{font-size:14px;font-weight:600}
      .chart .line{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round}
      .chart .area{fill:var(--c);fill-opacity:.8}
      .chart .mark{stroke-dasharray:4 3}.chart .d1{stroke-dasharray:6 3}.chart .d2{stroke-dasharray:2 3}
      """
          + LIGHT
          + "@media (prefers-color-scheme:dark){\n"
          + DARK
          + "}\n</style>\n";

  private Palette() {}

  /** The style classes of the series at a place. */
  static String of(int place) {
    return "c" + place % COLOURS + " d" + place / COLOURS % DASHES;
  }
}
