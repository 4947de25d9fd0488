package dev.mixwell.catalog;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.KeyStatistics;
import dev.mixwell.manifest.Keys;
import dev.mixwell.query.Expression;
import dev.mixwell.query.QueryFault;
import dev.mixwell.query.QueryGrammar;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a query over metadata what Lucene searches for: every value is compared exactly, and
 * every key is known. Owned by one thread, for one query.
 */
final class QueryReader {
  private static final int MAX_QUERY_CHARS = 1 << 14;
  private static final int SHOWN_CHARS = 20;
  private static final String ANY = "*";

  private final Keys keys;
  private final TextQueries texts;
  private final String query;

  private QueryReader(String query, Keys keys) {
    this.query = query;
    this.keys = keys;
    this.texts = new TextQueries(keys.text());
  }

  /**
   * @throws Refusal invalid-query, naming the query and what is wrong with it
   */
  static Query parse(String query, Keys keys) {
    Expression understood = understood(query);
    try {
      return new QueryReader(query, keys).query(understood);
    } catch (IndexSearcher.TooManyClauses e) {
      throw tooManyClauses(query);
    }
  }

  /**
   * @throws Refusal invalid-query, as above; keys are not looked at
   */
  static Expression understood(String query) {
    if (query.isBlank()) throw refused(query, "it is empty; *:* takes all documents");
    if (query.length() > MAX_QUERY_CHARS)
      throw refused(
          query.substring(0, 40) + "...",
          "it has %,d characters, more than %,d".formatted(query.length(), MAX_QUERY_CHARS));
    try {
      return QueryGrammar.read(query);
    } catch (QueryFault e) {
      throw refused(query, place(query, e.at()) + e.what());
    }
  }

  static Refusal tooManyClauses(String query) {
    return refused(
        query, "it has more than %,d clauses".formatted(IndexSearcher.getMaxClauseCount()));
  }

  static Refusal refused(String query, String what) {
    return new Refusal(
            ProblemType.INVALID_QUERY, "The query \"%s\" cannot be used: %s".formatted(query, what))
        .with("query", query);
  }

  private static String place(String query, int at) {
    return at >= query.length()
        ? "at its end: "
        : "at character %d (\"%s\"): "
            .formatted(at + 1, query.substring(at, Math.min(query.length(), at + SHOWN_CHARS)));
  }

  private Query query(Expression expression) {
    return switch (expression) {
      case Expression.Everything _ -> new MatchAllDocsQuery();
      case Expression.And(var all) -> all(all);
      case Expression.Or(var any) -> {
        var either = new BooleanQuery.Builder();
        for (Expression part : any) either.add(query(part), Occur.SHOULD);
        yield either.build();
      }
      case Expression.Not not -> all(List.of(not));
      case Expression.Condition condition -> placed(condition);
    };
  }

  /** Lucene lets a query of exclusions alone match nothing; here it means all others. */
  private Query all(List<Expression> parts) {
    var all = new BooleanQuery.Builder();
    boolean hasOthers = false;
    for (Expression part : parts) {
      if (part instanceof Expression.Not(Expression other)) {
        all.add(query(other), Occur.MUST_NOT);
      } else {
        all.add(query(part), Occur.MUST);
        hasOthers = true;
      }
    }
    if (!hasOthers) all.add(new MatchAllDocsQuery(), Occur.MUST);
    return all.build();
  }

  private Query placed(Expression.Condition condition) {
    try {
      return condition(condition.key(), condition.test());
    } catch (Refusal e) {
      throw refused(query, place(query, condition.at()) + e.detail());
    } catch (IllegalArgumentException | TooComplexToDeterminizeException e) {
      throw refused(
          query, place(query, condition.at()) + "it cannot be used (%s)".formatted(e.getMessage()));
    }
  }

  private Query condition(String field, Expression.Test test) {
    return switch (test) {
      case Expression.Value(String text, var slop) -> value(field, text, slop);
      case Expression.Any _ -> any(key(field, ANY));
      case Expression.Beginning(String prefix) ->
          meansTexts(field)
              ? texts.prefix(field, prefix)
              : new PrefixQuery(new Term(keywords(key(field, prefix), prefix + ANY), prefix));
      case Expression.Wildcard(String pattern) ->
          new WildcardQuery(new Term(keywords(key(field, pattern), pattern), pattern));
      case Expression.Regular(String pattern) ->
          new RegexpQuery(new Term(keywords(key(field, pattern), pattern), pattern));
      case Expression.Range range -> range(field, range);
    };
  }

  private Query value(String field, String text, @Nullable Integer slop) {
    if (meansTexts(field)) return texts.phrase(field, text, slop == null ? 0 : slop);
    KeyStatistics key = key(field, text);
    if (slop != null) throw invalid("~ is for words of %s; leave it out".formatted(FullText.NAME));
    return exact(key, text);
  }

  private Query range(String field, Expression.Range asked) {
    String low = asked.low();
    String high = asked.high();
    KeyStatistics key = key(field, "[" + low + " TO " + high + "]");
    if (low == null && high == null) return any(key);
    Query range = range(key, low, high, asked.lowIncluded(), asked.highIncluded());
    if (range != null) return range;
    throw invalid(
        key.hasNumbers() || key.dates() != null
            ? "the key \"%s\" holds %s; a bound of [%s TO %s] is none: write %s"
                .formatted(key.name(), key.kinds(), low, high, boundsOf(key))
            : "the key \"%s\" holds neither numbers nor dates, so it has no ranges; write values like %s:(a b) or a pattern like %s:a*"
                .formatted(key.name(), key.name(), key.name()));
  }

  private static @Nullable Query range(
      KeyStatistics key,
      @Nullable String low,
      @Nullable String high,
      boolean lowIncluded,
      boolean highIncluded) {
    if (key.hasNumbers()) {
      NumberRange numbers = NumberRange.parse(low, high, lowIncluded, highIncluded);
      if (numbers != null) return numbers.query(key);
    }
    if (key.dates() == null) return null;
    TimeRange times = TimeRange.parse(low, high, lowIncluded, highIncluded);
    return times == null ? null : times.query(Fields.time(key.name()));
  }

  private static String boundsOf(KeyStatistics key) {
    String dates = "dates like 2019-05-01 or instants like 2019-05-01T12:00:00Z";
    if (key.dates() == null) return "numbers";
    return key.hasNumbers() ? "numbers, " + dates : dates;
  }

  private KeyStatistics key(String field, String value) {
    if (meansTexts(field)) throw texts.refused(value);
    return keys.key(field);
  }

  /** Without full text, a metadata key may have the name. */
  private boolean meansTexts(String field) {
    return FullText.isNamedBy(field) && (keys.text() != null || !keys.has(field));
  }

  private static Query any(KeyStatistics key) {
    return new TermQuery(new Term(Fields.KEY, key.name()));
  }

  private static Query exact(KeyStatistics key, String text) {
    NumberRange number = key.hasNumbers() ? NumberRange.parse(text, text, true, true) : null;
    if (!key.keywords()) {
      if (number != null) return number.query(key);
      throw invalid("the key \"%s\" holds numbers; \"%s\" is none".formatted(key.name(), text));
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    var term = new TermQuery(new Term(Fields.keyword(key.name()), new BytesRef(utf8)));
    return number == null
        ? term
        : new BooleanQuery.Builder()
            .add(term, Occur.SHOULD)
            .add(number.query(key), Occur.SHOULD)
            .build();
  }

  private static String keywords(KeyStatistics key, String pattern) {
    if (!key.keywords())
      throw invalid(
          "the key \"%s\" holds numbers only; write a number or a range like [1 TO 5], not %s"
              .formatted(key.name(), pattern));
    return Fields.keyword(key.name());
  }

  private static Refusal invalid(String what) {
    return new Refusal(ProblemType.INVALID_QUERY, what);
  }
}
