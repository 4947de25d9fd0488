package dev.mixwell.reference;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of Markdown that grows at its end. Owned by one thread. */
final class Page {
  private static final Pattern LONG = Pattern.compile("(?<![\\w.,])\\d{5,18}(?![\\w,])");

  private final StringBuilder text = new StringBuilder();

  Page title(String title) {
    text.append("# ").append(title).append("\n\n");
    text.append("<!-- Made from the code by dev/references; do not edit. -->\n");
    return this;
  }

  Page heading(String heading) {
    text.append("\n## ").append(heading).append("\n");
    return this;
  }

  Page paragraph(String words) {
    text.append('\n').append(words.strip()).append('\n');
    return this;
  }

  Page header(String... cells) {
    text.append('\n');
    row(cells);
    text.append("|---".repeat(cells.length)).append("|\n");
    return this;
  }

  Page row(String... cells) {
    text.append(
        Arrays.stream(cells).map(Page::grouped).collect(Collectors.joining(" | ", "| ", " |\n")));
    return this;
  }

  /** With commas in long numbers. */
  private static String grouped(String cell) {
    return LONG.matcher(cell).replaceAll(number -> "%,d".formatted(Long.parseLong(number.group())));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
