package dev.mixwell.catalog;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.FullText;
import dev.mixwell.manifest.KeyStatistics;
import dev.mixwell.manifest.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
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
 * Reads a query over metadata: the classic parser's syntax, with every value compared exactly and
 * every key known. Owned by one thread, for one query.
 */
final class QueryReader extends QueryParser {
  private static final int MAX_QUERY_CHARS = 1 << 14;
  private static final int MAX_DEPTH = 64; // parser and search recurse
  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");
  private static final String ANY = "*";

  private final Keys keys;
  private final TextQueries texts;

  private QueryReader(Keys keys) {
    super("", new KeywordAnalyzer());
    this.keys = keys;
    this.texts = new TextQueries(keys.text());
    setAllowLeadingWildcard(true);
    setSplitOnWhitespace(true); // else "a b" in brackets would be one value
  }

  /**
   * @throws Refusal invalid-query, naming the query and what is wrong with it
   */
  static Query parse(String query, Keys keys) {
    if (query.isBlank()) throw refused(query, "it is empty; *:* takes all documents");
    if (query.length() > MAX_QUERY_CHARS)
      throw refused(
          query.substring(0, 40) + "...",
          "it has %,d characters, more than %,d".formatted(query.length(), MAX_QUERY_CHARS));
    if (depth(query) > MAX_DEPTH)
      throw refused(query, "its brackets are nested more than %d deep".formatted(MAX_DEPTH));
    try {
      return new QueryReader(keys).parse(query);
    } catch (ParseException e) {
      throw refused(query, "it cannot be read%s".formatted(place(query, e)));
    } catch (Refusal e) {
      throw refused(query, e.detail());
    } catch (IllegalArgumentException | TooComplexToDeterminizeException e) {
      throw refused(query, "it cannot be used (%s)".formatted(e.getMessage()));
    }
  }

  static Refusal refused(String query, String what) {
    return new Refusal(
            ProblemType.INVALID_QUERY, "The query \"%s\" cannot be used: %s".formatted(query, what))
        .with("query", query);
  }

  @Override
  protected Query getFieldQuery(String field, String text, boolean quoted) {
    return getFieldQuery(field, text, 0);
  }

  @Override
  protected Query getFieldQuery(String field, String text, int slop) {
    return meansTexts(field) ? texts.phrase(field, text, slop) : exact(key(field, text), text);
  }

  @Override
  protected Query getRangeQuery(
      String field,
      @Nullable String low,
      @Nullable String high,
      boolean lowIncluded,
      boolean highIncluded) {
    KeyStatistics key = key(field, "[" + low + " TO " + high + "]");
    if (low == null && high == null) return any(key);
    Query range = range(key, low, high, lowIncluded, highIncluded);
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

  @Override
  protected Query getWildcardQuery(String field, String pattern) {
    if (field.equals(ANY) && pattern.equals(ANY)) return new MatchAllDocsQuery();
    KeyStatistics key = key(field, pattern);
    return pattern.equals(ANY)
        ? any(key)
        : new WildcardQuery(new Term(keywords(key, pattern), pattern));
  }

  @Override
  protected Query getPrefixQuery(String field, String prefix) {
    if (meansTexts(field)) return texts.prefix(field, prefix);
    return new PrefixQuery(new Term(keywords(key(field, prefix), prefix + ANY), prefix));
  }

  @Override
  protected Query getRegexpQuery(String field, String pattern) {
    return new RegexpQuery(new Term(keywords(key(field, pattern), pattern), pattern));
  }

  @Override
  protected Query getFuzzyQuery(String field, String text, float similarity) {
    throw invalid("%s~ is fuzzy; values are matched exactly".formatted(text));
  }

  /** Lucene lets a query of exclusions alone match nothing; here it means all others. */
  @Override
  protected @Nullable Query getBooleanQuery(List<BooleanClause> clauses) throws ParseException {
    var all = new ArrayList<>(clauses);
    if (!clauses.isEmpty() && clauses.stream().allMatch(c -> c.occur() == Occur.MUST_NOT))
      all.add(new BooleanClause(new MatchAllDocsQuery(), Occur.MUST));
    return super.getBooleanQuery(all);
  }

  private KeyStatistics key(String field, String value) {
    if (field.isEmpty())
      throw invalid(
          "\"%s\" has no key; write KEY:VALUE, with quotes round a value with blanks"
              .formatted(value));
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

  private static int depth(String query) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < query.length(); i++) {
      if (query.charAt(i) == '(') deepest = Math.max(deepest, ++depth);
      else if (query.charAt(i) == ')') depth--;
    }
    return deepest;
  }

  private static String place(String query, ParseException e) {
    Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
    if (!column.find()) return " (%s)".formatted(e.getMessage());
    int at = Math.clamp(Integer.parseInt(column.group(1)), 0, query.length());
    return at == query.length()
        ? " at its end; something is missing or not closed"
        : " at character %d (\"%s\"); put quotes round a value with marks"
            .formatted(at + 1, query.substring(at, Math.min(query.length(), at + 20)));
  }
}
