package dev.mixwell.demo;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Tells the language of a speech of the European Parliament by counting stop words: for each
 * language, words that are common in it and rare in the others. "de" is in no list, being both
 * Dutch and Romance.
 */
final class Language {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

  /** Ordered, because the first of several best languages is taken. */
  private static final TreeMap<String, Set<String>> STOP_WORDS = new TreeMap<>();

  static {
    stopWords("bg", "на за да се от и");
    stopWords("cs", "že se na je které v a");
    stopWords("da", "og at det som ikke er til af");
    stopWords("de", "der die und das nicht ist wir dass");
    stopWords("el", "και να το την της");
    stopWords("en", "the of and to that is this which");
    stopWords("es", "los las el una por para y se");
    stopWords("et", "ja on et ei ning");
    stopWords("fi", "ja on että ei se ovat myös");
    stopWords("fr", "les des est dans une pour nous cette qui");
    stopWords("hu", "az hogy és nem a");
    stopWords("it", "che della per non sono una il di");
    stopWords("lt", "ir kad yra tai");
    stopWords("lv", "un ir ka par uz");
    stopWords("nl", "het een van dat niet zijn voor ook");
    stopWords("pl", "się że jest nie na w i");
    stopWords("pt", "que não uma dos para com os da");
    stopWords("ro", "să este şi care în şi pe");
    stopWords("sk", "že sa na je ktoré v a");
    stopWords("sl", "da je za ki in v");
    stopWords("sv", "och att det som för inte är vi");
  }

  private Language() {}

  private static void stopWords(String language, String words) {
    STOP_WORDS.put(language, new HashSet<>(List.of(words.split(" "))));
  }

  /** The two-letter code of the language whose stop words are met most often. */
  static String of(String text) {
    var counts = new HashMap<String, Integer>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .forEach(word -> counts.merge(word.group(), 1, Integer::sum));
    String best = STOP_WORDS.firstKey();
    int most = -1;
    for (var language : STOP_WORDS.entrySet()) {
      int met = count(counts, language.getValue());
      if (met <= most) continue;
      most = met;
      best = language.getKey();
    }
    return best;
  }

  private static int count(Map<String, Integer> counts, Set<String> words) {
    return words.stream().mapToInt(word -> counts.getOrDefault(word, 0)).sum();
  }
}
