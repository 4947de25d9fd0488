package dev.mixwell.cli.index;

import dev.mixwell.manifest.FullText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether texts can be searched. */
final class TextOptions {
  @Option(
      names = "--text",
      description = "Make the texts searchable too: text:word, text:\"some words\" in queries.")
  private boolean isWanted;

  @Option(
      names = "--text-language-key",
      paramLabel = "KEY",
      description = "The metadata key with a text's language (default: lang, else language).")
  private @Nullable String languageKey;

  /**
   * How they are to be searched; null for not at all.
   *
   * @param isAddition to an index that is there
   */
  @Nullable FullText fullText(boolean isAddition, CommandLine command) {
    if (isAddition && (isWanted || languageKey != null))
      throw new ParameterException(
          command,
          "--text belongs to an index when it is made; --add goes on as the index was made.");
    if (languageKey != null && !isWanted)
      throw new ParameterException(
          command, "--text-language-key needs --text, which makes texts searchable.");
    if (!isWanted) return null;
    return FullText.of(languageKey == null ? FullText.USUAL_LANGUAGE_KEYS : List.of(languageKey));
  }
}
