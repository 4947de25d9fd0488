package dev.mixwell.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sub-folders of a data set. */
final class Folders {
  private Folders() {}

  /**
   * The folder whose {@code index.json} is meant: the split's, else the top one, else the only one.
   *
   * @return empty for the top one, else with a slash at its end
   */
  static String withIndex(DataSet data, @Nullable String split) {
    if (split != null && data.has(split + "/" + JsonIndex.FILE)) return split + "/";
    if (split == null && data.files().contains(JsonIndex.FILE)) return "";
    List<String> folders =
        data.files().stream()
            .filter(f -> f.endsWith("/" + JsonIndex.FILE))
            .map(f -> f.substring(0, f.length() - JsonIndex.FILE.length()))
            .toList();
    if (split == null && folders.size() == 1) return folders.getFirst();
    throw Faults.ask(
        data.name(),
        split == null
            ? "it has several parts: " + String.join(", ", folders)
            : "it has no part \"%s\" with an index.json; there are %s"
                .formatted(split, folders.isEmpty() ? "none" : String.join(", ", folders)),
        "Choose one with --split, such as --split train.");
  }
}
