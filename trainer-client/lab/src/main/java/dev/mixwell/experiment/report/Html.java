package dev.mixwell.experiment.report;

import dev.mixwell.chart.Xml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Blocks as one page of HTML that needs no other file; its frame is {@code page.html}. */
final class Html {
  private static final String FRAME = "page.html";

  private Html() {}

  static String of(String title, List<Block> blocks) {
    String body = blocks.stream().map(Html::block).collect(Collectors.joining("\n"));
    return frame().replace("{{title}}", Xml.escaped(title)).replace("{{body}}", body);
  }

  private static String frame() {
    try (var in = Html.class.getResourceAsStream(FRAME)) {
      if (in == null) throw new IllegalStateException(FRAME + " is not on the class path");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String block(Block block) {
    return switch (block) {
      case Block.Heading(int level, String text) ->
          "<h%d>%s</h%d>".formatted(level, Xml.escaped(text), level);
      case Block.Paragraph(String text) -> "<p>" + Xml.escaped(text) + "</p>";
      case Block.Items(List<String> texts) ->
          texts.stream()
              .map(text -> "<li>" + Xml.escaped(text) + "</li>")
              .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
      case Block.Table table -> table(table);
      case Block.Figure(String name, String title, String svg) -> "<figure>\n" + svg + "</figure>";
      case Block.Code(String language, String text) ->
          "<pre><code>" + Xml.escaped(text) + "</code></pre>";
    };
  }

  private static String table(Block.Table table) {
    var html = new StringBuilder("<div class=\"table\"><table>\n<thead><tr>");
    for (String name : table.head())
      html.append("<th scope=\"col\">").append(Xml.escaped(name)).append("</th>");
    html.append("</tr></thead>\n<tbody>\n");
    for (List<Block.Table.Cell> row : table.rows()) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) html.append(cell(row.get(i), i == 0));
      html.append("</tr>\n");
    }
    return html.append("</tbody>\n</table></div>").toString();
  }

  private static String cell(Block.Table.Cell cell, boolean first) {
    String text = Xml.escaped(cell.text());
    if (first) return "<th scope=\"row\">" + text + "</th>";
    return cell.best() ? "<td class=\"best\">" + text + "</td>" : "<td>" + text + "</td>";
  }
}
