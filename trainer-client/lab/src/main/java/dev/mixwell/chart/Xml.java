package dev.mixwell.chart;

/** Text for XML and HTML. */
public final class Xml {
  private Xml() {}

  /** The same text where markup is read: as content, or as an attribute in quotes of any kind. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
