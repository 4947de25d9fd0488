package dev.mixwell.demo;

import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * A line of WordNet's data files: {@code offset file type count (word sense){count} ... | gloss},
 * the count in hex. See wndb(5WN) of WordNet 3.1.
 */
final class WordNet {
  private static final Pattern ENTRY = Pattern.compile("\\d{8} ");
  private static final Pattern MARKER = Pattern.compile("\\(\\w+\\)$");
  private static final String GLOSS = " | ";
  private static final int TYPE = 2;
  private static final int COUNT = 3;
  private static final int FIRST_WORD = 4;

  private WordNet() {}

  /** The files open with their licence, whose lines start with spaces. */
  static boolean isEntry(String line) {
    return ENTRY.matcher(line).lookingAt();
  }

  static String offset(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  /** The words of the synset, its part of speech and its gloss. */
  static String entry(String line) {
    int gloss = line.indexOf(GLOSS);
    String[] field = (gloss < 0 ? line : line.substring(0, gloss)).split(" ");
    var words = new StringJoiner(", ");
    int count = Integer.parseInt(field[COUNT], 16);
    for (int i = 0; i < count; i++) {
      String word = field[FIRST_WORD + 2 * i];
      words.add(MARKER.matcher(word).replaceFirst("").replace('_', ' '));
    }
    String meaning = gloss < 0 ? "" : line.substring(gloss + GLOSS.length());
    return words + " (" + partOfSpeech(field[TYPE]) + "): " + Cleaning.strip(meaning);
  }

  private static String partOfSpeech(String type) {
    return switch (type) {
      case "n" -> "noun";
      case "v" -> "verb";
      case "a", "s" -> "adjective";
      case "r" -> "adverb";
      default -> throw new IllegalArgumentException("no WordNet part of speech: " + type);
    };
  }
}
