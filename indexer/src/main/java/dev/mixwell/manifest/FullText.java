package dev.mixwell.manifest;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.metadata.Metadata;
import java.util.List;
import java.util.TreeSet;

/**
 * How an index's texts can be searched. Recorded with the keys, since a query means the same only
 * with the same analyzers.
 *
 * @param analyzers the number of the set of analyzers ({@code TextLanguage} in package {@code
 *     catalog})
 * @param languageKeys metadata keys that may hold a document's language; the first that a document
 *     has counts
 * @param languages those that documents were indexed in, in the order of their names
 */
public record FullText(int analyzers, List<String> languageKeys, List<String> languages) {
  /** Where a document's language stands if nobody says so. */
  public static final List<String> USUAL_LANGUAGE_KEYS = List.of("lang", "language");

  /** Of the analyzers that this version has. */
  public static final int ANALYZERS = 1;

  /** The field that queries name; {@code text.de} is one language of it. */
  public static final String NAME = "text";

  public FullText {
    languageKeys = List.copyOf(languageKeys);
    languages = List.copyOf(languages);
  }

  /** For an index that is to be made. */
  public static FullText of(List<String> languageKeys) {
    return new FullText(ANALYZERS, languageKeys, List.of());
  }

  /** Documents were indexed in these languages, too. */
  public FullText with(List<String> found) {
    var names = new TreeSet<>(languages);
    names.addAll(found);
    return new FullText(analyzers, languageKeys, List.copyOf(names));
  }

  /** Whether a query that names this field means texts. */
  public static boolean isNamedBy(String field) {
    return field.equals(NAME) || field.startsWith(NAME + ".");
  }

  /**
   * @throws Refusal bad-input for metadata that could not be told from texts in a query
   */
  public static void requireNoClash(Metadata metadata) {
    for (String key : metadata.values().keySet())
      if (isNamedBy(key))
        throw new Refusal(
            ProblemType.BAD_INPUT,
            "The metadata has a key \"%s\", and with --text a query's \"%s\" means the documents' texts. Rename the key, name the text's field if it is that, or index without --text."
                .formatted(key, NAME));
  }
}
