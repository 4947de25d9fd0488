package dev.mixwell.catalog;

import dev.mixwell.manifest.FullText;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/**
 * A language that texts are analysed in, each in a field of its own. Lucene's analyzers without
 * their lists of stop words: a query for a word finds all documents that have it, and none is
 * silently passed over. Another choice is another {@link FullText#ANALYZERS}.
 */
enum TextLanguage {
  DE(new GermanAnalyzer(CharArraySet.EMPTY_SET), "de", "deu", "ger", "german"),
  EN(new EnglishAnalyzer(CharArraySet.EMPTY_SET), "en", "eng", "english"),
  ES(new SpanishAnalyzer(CharArraySet.EMPTY_SET), "es", "spa", "spanish"),
  FR(new FrenchAnalyzer(CharArraySet.EMPTY_SET), "fr", "fra", "fre", "french"),
  IT(new ItalianAnalyzer(CharArraySet.EMPTY_SET), "it", "ita", "italian"),
  PT(new PortugueseAnalyzer(CharArraySet.EMPTY_SET), "pt", "por", "portuguese"),
  RU(new RussianAnalyzer(CharArraySet.EMPTY_SET), "ru", "rus", "russian"),
  /** Pairs of characters. */
  CJK(
      new CJKAnalyzer(CharArraySet.EMPTY_SET),
      "zh",
      "zho",
      "chi",
      "cmn",
      "ja",
      "jpn",
      "ko",
      "kor",
      "chinese",
      "japanese",
      "korean"),
  /** Words as Unicode parts them. */
  OTHER(new StandardAnalyzer(CharArraySet.EMPTY_SET));

  private final Analyzer analyzer;
  private final List<String> names;

  TextLanguage(Analyzer analyzer, String... names) {
    this.analyzer = analyzer;
    this.names = List.of(names);
  }

  /** How queries and {@link FullText} call it. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  String field() {
    return Fields.text(code());
  }

  Analyzer analyzer() {
    return analyzer;
  }

  /**
   * The one that a document's metadata names: {@code en}, {@code EN-us}, {@code eng_Latn}, {@code
   * English}; of several values the first.
   */
  static TextLanguage of(Metadata metadata, List<String> keys) {
    for (String key : keys) {
      List<MetadataValue> values = metadata.values().get(key);
      if (values != null && !values.isEmpty()) return named(values.getFirst().text());
    }
    return OTHER;
  }

  private static TextLanguage named(String text) {
    int end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) end++;
    String name = text.substring(0, end).toLowerCase(Locale.ROOT);
    for (TextLanguage language : values()) if (language.names.contains(name)) return language;
    return OTHER;
  }

  static Analyzer byField() {
    return new DelegatingAnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
      @Override
      protected Analyzer getWrappedAnalyzer(String field) {
        for (TextLanguage language : values())
          if (language.field().equals(field)) return language.analyzer;
        throw new IllegalStateException("no text in the field " + field);
      }
    };
  }
}
