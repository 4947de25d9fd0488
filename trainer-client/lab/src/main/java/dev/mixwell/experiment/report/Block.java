package dev.mixwell.experiment.report;

import java.util.List;

/** A piece of a page, to be written as Markdown or HTML. Texts are plain. */
sealed interface Block {
  /**
   * @param level 1 for the page's title, 2 for what is below
   */
  record Heading(int level, String text) implements Block {}

  record Paragraph(String text) implements Block {}

  record Items(List<String> texts) implements Block {}

  /**
   * @param rows as long as {@code head}; a row's first cell names it
   */
  record Table(List<String> head, List<List<Cell>> rows) implements Block {
    /**
     * @param best whether it is marked
     */
    record Cell(String text, boolean best) {
      static Cell of(String text) {
        return new Cell(text, false);
      }
    }
  }

  /**
   * @param name of its file, without the folder
   * @param title for those who do not see it
   */
  record Figure(String name, String title, String svg) implements Block {}

  record Code(String language, String text) implements Block {}
}
