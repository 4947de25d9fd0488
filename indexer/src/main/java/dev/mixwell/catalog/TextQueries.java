package dev.mixwell.catalog;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.FullText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.QueryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Queries of texts: {@code text:word}, {@code text:"some words"~2}, {@code text:neur*}, in all
 * languages that there are, each analysed as its documents were; {@code text.de:Wort} in one.
 */
record TextQueries(@Nullable FullText text) {
  /**
   * @param slop how many places words may be from where a phrase has them
   */
  Query phrase(String field, String words, int slop) {
    return any(
        field,
        words,
        language ->
            new QueryBuilder(language.analyzer()).createPhraseQuery(language.field(), words, slop));
  }

  Query prefix(String field, String prefix) {
    return any(
        field,
        prefix,
        language -> {
          var normal = language.analyzer().normalize(language.field(), prefix);
          return new PrefixQuery(new Term(language.field(), normal));
        });
  }

  /** What is asked of texts in another way. */
  Refusal refused(String asked) {
    return invalid(
        "%s is not asked of texts; write %s:WORD, %s:\"SOME WORDS\" or a beginning like %s:neur*"
            .formatted(asked, FullText.NAME, FullText.NAME, FullText.NAME));
  }

  private Query any(
      String field, String words, Function<TextLanguage, @Nullable Query> inLanguage) {
    var found = new ArrayList<Query>();
    for (TextLanguage language : languages(field)) {
      Query query = inLanguage.apply(language);
      if (query != null) found.add(query);
    }
    if (found.isEmpty()) throw invalid("\"%s\" has no word to search for".formatted(words));
    if (found.size() == 1) return found.getFirst();
    var either = new BooleanQuery.Builder();
    for (Query query : found) either.add(query, Occur.SHOULD);
    return either.build();
  }

  private List<TextLanguage> languages(String field) {
    FullText indexed = text;
    if (indexed == null)
      throw invalid("the index has no full text; index its source again with --text");
    if (indexed.analyzers() != FullText.ANALYZERS)
      throw invalid(
          "its texts were analysed in another way (%d) than this version does (%d); index its source again"
              .formatted(indexed.analyzers(), FullText.ANALYZERS));
    if (indexed.languages().isEmpty()) throw invalid("none of the documents has a text");
    String code = field.equals(FullText.NAME) ? null : field.substring(FullText.NAME.length() + 1);
    if (code != null && !indexed.languages().contains(code))
      throw invalid(
          "there are no texts in the language \"%s\"; there are %s"
              .formatted(code, String.join(", ", indexed.languages())));
    var languages = new ArrayList<TextLanguage>();
    for (TextLanguage language : TextLanguage.values())
      if (code == null
          ? indexed.languages().contains(language.code())
          : language.code().equals(code)) languages.add(language);
    return languages;
  }

  private static Refusal invalid(String what) {
    return new Refusal(ProblemType.INVALID_QUERY, what);
  }
}
