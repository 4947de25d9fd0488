package dev.mixwell.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sub-folders of a data set. */
public final class Folders {
  private Folders() {}

  /** The folder whose {@code index.json} is meant. */
  public static String withIndex(DataSet data, @Nullable String split) {
    return with(data, JsonIndex.FILE, split);
  }

  /**
   * The folder whose file of this name is meant: the split's, else the top one, else the only one.
   *
   * @return empty for the top one, else with a slash at its end
   */
  public static String with(DataSet data, String file, @Nullable String split) {
    if (split != null && data.has(split + "/" + file)) return split + "/";
    if (split == null && data.files().contains(file)) return "";
    List<String> folders =
        data.files().stream()
            .filter(f -> f.endsWith("/" + file))
            .map(f -> f.substring(0, f.length() - file.length()))
            .toList();
    if (split == null && folders.size() == 1) return folders.getFirst();
    throw Faults.ask(
        data.name(),
        split == null
            ? "it has several parts: " + String.join(", ", folders)
            : "it has no part \"%s\" with a file %s; there are %s"
                .formatted(split, file, folders.isEmpty() ? "none" : String.join(", ", folders)),
        "Choose one with --split, such as --split train.");
  }
}
