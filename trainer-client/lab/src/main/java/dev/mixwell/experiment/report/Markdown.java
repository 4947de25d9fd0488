package dev.mixwell.experiment.report;

import java.util.List;
import java.util.stream.Collectors;

/** Blocks as GitHub's Markdown; figures are files beside it. */
final class Markdown {
  private Markdown() {}

  /**
   * @param figures folder of the figures, relative to the page
   */
  static String of(List<Block> blocks, String figures) {
    return blocks.stream().map(b -> block(b, figures)).collect(Collectors.joining("\n\n")) + "\n";
  }

  private static String block(Block block, String figures) {
    return switch (block) {
      case Block.Heading(int level, String text) -> "#".repeat(level) + " " + escaped(text);
      case Block.Paragraph(String text) -> escaped(text);
      case Block.Items(List<String> texts) ->
          texts.stream().map(text -> "- " + escaped(text)).collect(Collectors.joining("\n"));
      case Block.Table table -> table(table);
      case Block.Figure(String name, String title, String svg) ->
          "![%s](%s/%s)".formatted(escaped(title), figures, name);
      case Block.Code(String language, String text) -> code(language, text);
    };
  }

  private static String table(Block.Table table) {
    var text = new StringBuilder();
    text.append(line(table.head().stream().map(Markdown::escaped).toList()));
    text.append("|---|").append("---:|".repeat(table.head().size() - 1));
    for (List<Block.Table.Cell> row : table.rows())
      text.append('\n').append(line(row.stream().map(Markdown::cell).toList()).stripTrailing());
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String cell(Block.Table.Cell cell) {
    String text = escaped(cell.text());
    return cell.best() ? "**" + text + "**" : text;
  }

  /** A fence longer than any in the text. */
  private static String code(String language, String text) {
    String fence = "```";
    while (text.contains(fence)) fence += "`";
    return fence + language + "\n" + text.stripTrailing() + "\n" + fence;
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\\\`*|<>\\[\\]]", "\\\\$0").replace('\n', ' ');
  }
}
