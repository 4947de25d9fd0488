package dev.mixwell.columnar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the column that holds the documents. */
final class Columns {
  private static final List<String> USUAL = List.of("input_ids", "tokens", "text");

  private Columns() {}

  /**
   * @param stated by the user
   * @param names of all columns
   */
  static String choose(@Nullable String stated, List<String> names) throws UnreadableFile {
    if (stated != null && names.contains(stated)) return stated;
    if (stated == null) for (String usual : USUAL) if (names.contains(usual)) return usual;
    throw new UnreadableFile(
        UnreadableFile.Cause.UNCLEAR,
        (stated == null
                ? "which column holds the documents is not clear"
                : "there is no column \"%s\"".formatted(stated))
            + "; its columns are "
            + String.join(", ", names));
  }
}
