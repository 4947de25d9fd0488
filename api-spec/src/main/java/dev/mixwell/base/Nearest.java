package dev.mixwell.base;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The known word that was probably meant, for messages about unknown ones. */
public final class Nearest {
  private static final int LONGEST_COMPARED =
      64; // names come from requests: bounds the table's size

  private Nearest() {}

  /**
   * The known word that begins so, else that with the fewest edits to {@code word}, the first of
   * equals. There must be a known one.
   */
  public static String of(String word, List<String> known) {
    String beginning = word.toLowerCase(Locale.ROOT);
    for (String candidate : known)
      if (candidate.toLowerCase(Locale.ROOT).startsWith(beginning)) return candidate;
    String nearest = known.getFirst();
    for (String candidate : known)
      if (edits(word, candidate) < edits(word, nearest)) nearest = candidate;
    return nearest;
  }

  /**
   * Levenshtein's distance: insertions, deletions and replacements of one character that turn one
   * word into the other.
   */
  public static int edits(String from, String to) {
    String a = from.substring(0, Math.min(from.length(), LONGEST_COMPARED));
    String b = to.substring(0, Math.min(to.length(), LONGEST_COMPARED));
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
