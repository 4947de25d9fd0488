package dev.mixwell.lines;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.nio.file.Path;

/**
 * A line of an input, as people find it again.
 *
 * @param line from 1; 0 for the file as a whole
 */
public record Place(Path file, long line) {
  /**
   * @param what the mistake, as a clause
   * @param remedy what to do, as a sentence
   */
  public Refusal refused(String what, String remedy) {
    String where = line == 0 ? file.toString() : file + ", line " + line;
    return new Refusal(ProblemType.BAD_INPUT, "%s: %s. %s".formatted(where, what, remedy))
        .with("file", file.toString())
        .with("line", line);
  }
}
