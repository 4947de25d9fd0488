package dev.mixwell.query;

import java.util.List;
import java.util.Locale;
import org.apache.lucene.queryparser.classic.QueryParserConstants;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query.
 *
 * <pre>
 * level     = part { [AND | OR] part }              what it means, {@link Level} says
 * part      = { + | - | NOT } ( bracket | key ":" ( bracket | value ) | "*:*" )
 * bracket   = "(" level ")"                         behind a key, with values instead of parts
 * value     = word | "..." [~N] | beginning* | p?tt*rn | /regular/ | "[" bound TO bound "]" | *
 * </pre>
 *
 * <p>Owned by one thread, for one query.
 */
public final class QueryGrammar implements QueryParserConstants {
  private static final int MAX_DEPTH = 64; // reading and searching recurse
  private static final List<String> OPERATORS = List.of("and", "or", "not");
  private static final String MARKS = "put quotes round a value with marks";

  private final List<Word> words;
  private int next;

  /**
   * @param written as the query has it, for what is printed
   */
  private record Key(String name, String written) {}

  private QueryGrammar(String query) {
    this.words = Word.of(query);
  }

  /**
   * @throws QueryFault saying where it cannot be read, and what to write
   */
  public static Expression read(String query) {
    var grammar = new QueryGrammar(query);
    Expression all = grammar.level(null, 0);
    if (grammar.word().is(EOF)) return all;
    throw new QueryFault(
        grammar.word().at(), "this bracket closes none; leave it out, or put quotes round a value");
  }

  private Word word() {
    return words.get(next);
  }

  private Word take() {
    return words.get(word().is(EOF) ? next : next++);
  }

  private Expression level(@Nullable Key key, int depth) {
    if (depth > MAX_DEPTH)
      throw new QueryFault(
          word().at(), "its brackets are nested more than %d deep".formatted(MAX_DEPTH));
    var level = new Level();
    while (!word().is(EOF, RPAREN) || level.isEmpty()) {
      Level.Joiner joiner = Level.Joiner.NOTHING;
      if (!level.isEmpty()) joiner = joiner();
      part(level, joiner, key, depth);
    }
    return level.meaning();
  }

  private Level.Joiner joiner() {
    Word word = word();
    if (word.is(AND, OR)) {
      take();
      return word.is(AND) ? Level.Joiner.AND : Level.Joiner.OR;
    }
    Word before = words.get(next - 1);
    if (word.at() == before.end() && !word.is(LPAREN) && !before.is(RPAREN, BAREOPER))
      throw new QueryFault(word.at(), MARKS);
    return Level.Joiner.NOTHING;
  }

  private void part(Level level, Level.Joiner joiner, @Nullable Key key, int depth) {
    int at = word().at();
    Level.Mark mark = Level.Mark.NOTHING;
    boolean isNegated = false;
    while (word().is(PLUS, MINUS, NOT, BAREOPER)) {
      Level.Mark read = mark(take());
      if (mark == Level.Mark.NOTHING) mark = read;
      else if (mark == Level.Mark.PLUS || read == Level.Mark.PLUS)
        throw new QueryFault(at, "one of the marks before it is enough");
      else isNegated = !isNegated;
    }
    Expression of = of(key, depth);
    level.add(joiner, mark, isNegated ? of.negated() : of, at);
  }

  private static Level.Mark mark(Word word) {
    return switch (word.image().charAt(0)) {
      case '+' -> Level.Mark.PLUS;
      case '-' -> Level.Mark.MINUS;
      default -> Level.Mark.NOT;
    };
  }

  private Expression of(@Nullable Key key, int depth) {
    if (word().is(LPAREN)) return bracket(key, depth);
    boolean isKey = word().is(TERM, QUOTED, STAR) && words.get(next + 1).is(COLON);
    if (!isKey) return value(key, false);
    Word named = take();
    take();
    if (named.is(STAR)) {
      if (take().is(STAR)) return new Expression.Everything();
      throw new QueryFault(named.at(), "write *:* for all documents, or a key before the colon");
    }
    if (named.is(TERM)) named.checkPlain();
    var own = new Key(named.text(), named.image());
    return word().is(LPAREN) ? bracket(own, depth) : value(own, true);
  }

  private Expression bracket(@Nullable Key key, int depth) {
    Word opened = take();
    Expression inside = level(key, depth + 1);
    if (!take().is(RPAREN))
      throw new QueryFault(
          word().at(),
          "something is missing or not closed: the bracket at character %d"
              .formatted(opened.at() + 1));
    return inside;
  }

  private Expression value(@Nullable Key key, boolean isBehindKey) {
    int at = word().at();
    Expression.Test test = test(key, isBehindKey);
    int end = words.get(next - 1).end();
    var written = new StringBuilder();
    for (int i = next - 1, from = end; i >= 0 && words.get(i).at() >= at; i--) {
      Word word = words.get(i);
      written.insert(0, word.image() + (word.end() < from ? " " : ""));
      from = word.at();
    }
    if (key == null) throw withoutKey(at, written.toString());
    return new Expression.Condition(key.name, test, key.written + ":" + written, at);
  }

  private static QueryFault withoutKey(int at, String written) {
    String operator = written.toUpperCase(Locale.ROOT);
    return new QueryFault(
        at,
        OPERATORS.contains(written.toLowerCase(Locale.ROOT))
            ? "\"%s\" has no key; write %s for the operator, or KEY:\"%s\""
                .formatted(written, operator, written)
            : written.equals("*")
                ? "\"*\" has no key; write *:* for all documents, or KEY:*"
                : "\"%s\" has no key; write KEY:VALUE, with quotes round a value with blanks"
                    .formatted(written));
  }

  private Expression.Test test(@Nullable Key key, boolean isBehindKey) {
    Word word = take();
    Expression.Test test =
        switch (word.kind()) {
          case TERM -> plain(word, key, isBehindKey);
          case QUOTED -> new Expression.Value(word.text(), slop());
          case STAR -> new Expression.Any();
          case PREFIXTERM -> beginning(word);
          case WILDTERM -> wildcard(word);
          case REGEXPTERM ->
              new Expression.Regular(word.image().substring(1, word.image().length() - 1));
          case RANGEIN_START, RANGEEX_START -> range(word);
          case MINUS, PLUS -> signedNumber(word);
          default -> throw misplaced(word);
        };
    if (word().is(FUZZY_SLOP))
      throw new QueryFault(
          word.at(),
          "%s~ is fuzzy; values are matched exactly, so leave the ~ out or put quotes round all"
              .formatted(word.image()));
    if (word().is(CARAT))
      throw new QueryFault(
          word().at(), "^ weighs what only is taken or not; leave it out, or put quotes round all");
    return test;
  }

  private static Expression.Test plain(Word word, @Nullable Key key, boolean isBehindKey) {
    word.checkPlain();
    if (key != null && !isBehindKey && OPERATORS.contains(word.image().toLowerCase(Locale.ROOT)))
      throw new QueryFault(
          word.at(),
          "write %s for the operator, or \"%s\" for the value"
              .formatted(word.image().toUpperCase(Locale.ROOT), word.image()));
    return new Expression.Value(word.text(), null);
  }

  private static Expression.Test beginning(Word word) {
    word.checkPlain();
    var written = new Word(TERM, word.image().substring(0, word.image().length() - 1), word.at());
    return new Expression.Beginning(written.text());
  }

  private static Expression.Test wildcard(Word word) {
    word.checkPlain();
    return new Expression.Wildcard(word.pattern());
  }

  /** A minus right before a number is the number's. */
  private Expression.Test signedNumber(Word sign) {
    Word number = word();
    if (!number.is(TERM) || number.at() != sign.end() || !number.image().matches("(?s)[0-9.].*"))
      throw new QueryFault(
          sign.at(),
          "write %s before the key, or quotes round a value that begins so"
              .formatted(sign.image().strip()));
    take();
    return new Expression.Value(sign.image() + number.text(), null);
  }

  private @Nullable Integer slop() {
    if (!word().is(FUZZY_SLOP)) return null;
    String places = take().image().substring(1);
    return places.isEmpty() ? 0 : (int) Float.parseFloat(places);
  }

  private Expression.Test range(Word opened) {
    Word low = bound();
    if (!word().is(RANGE_TO)) throw notARange(opened);
    take();
    Word high = bound();
    if (!word().is(RANGEIN_END, RANGEEX_END)) throw notARange(opened);
    return new Expression.Range(
        limit(low), limit(high), opened.is(RANGEIN_START), take().is(RANGEIN_END));
  }

  private Word bound() {
    if (!word().is(RANGE_GOOP, RANGE_QUOTED))
      throw new QueryFault(word().at(), "a range is written [1 TO 5], with * for no bound");
    return take();
  }

  private static @Nullable String limit(Word word) {
    return word.image().equals("*") ? null : word.text();
  }

  private QueryFault notARange(Word opened) {
    return new QueryFault(
        word().at(),
        "the range that begins at character %d is not closed; it is written [1 TO 5], with * for no bound"
            .formatted(opened.at() + 1));
  }

  private QueryFault misplaced(Word word) {
    String before = next > 1 && !word.is(EOF) ? words.get(next - 2).image() : "";
    return new QueryFault(
        word.at(),
        switch (word.kind()) {
          case EOF -> "something is missing or not closed";
          case AND, OR, NOT ->
              before.equals(":")
                  ? "write \"%s\" if this is the value".formatted(word.image())
                  : "something is missing before %s".formatted(word.image());
          case RPAREN -> "something is missing before the bracket";
          default -> MARKS;
        });
  }
}
