package dev.mixwell.format;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;

/** What readers say. */
public final class Faults {
  private Faults() {}

  /**
   * @param what is wrong, as a clause
   */
  public static Refusal damaged(String file, String what) {
    return new Refusal(
            ProblemType.SHARD_DAMAGED,
            "The file %s is damaged: %s. Restore it from its source or write it again."
                .formatted(file, what))
        .with("shard", file);
  }

  /**
   * @param why not, as a clause
   */
  public static Refusal unsupported(String file, String why) {
    return new Refusal(
            ProblemType.BAD_INPUT, "The file %s cannot be adopted: %s.".formatted(file, why))
        .with("shard", file);
  }

  /**
   * Something that only the user knows.
   *
   * @param remedy a sentence that names the option
   */
  public static Refusal ask(String file, String why, String remedy) {
    return new Refusal(ProblemType.BAD_INPUT, "%s: %s. %s".formatted(file, why, remedy))
        .with("file", file);
  }
}
