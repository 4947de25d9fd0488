package dev.mixwell.query;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.queryparser.charstream.FastCharStream;
import org.apache.lucene.queryparser.classic.QueryParserConstants;
import org.apache.lucene.queryparser.classic.QueryParserTokenManager;
import org.apache.lucene.queryparser.classic.Token;
import org.apache.lucene.queryparser.classic.TokenMgrError;

/**
 * A word of a query, as Lucene's classic parser cuts it.
 *
 * @param kind of {@link QueryParserConstants}
 * @param at where it begins in the query
 */
record Word(int kind, String image, int at) {
  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");
  private static final char FIRST_SPACE = '\u00a0'; // of those that do not end a word
  private static final String UNSEEN = "\u200b\ufeff";
  private static final String PRINTERS_QUOTES = "“”„";

  /** All of a query, and an end. */
  static List<Word> of(String query) {
    var words = new ArrayList<Word>();
    var lexer = new QueryParserTokenManager(new FastCharStream(new StringReader(query)));
    try {
      for (Token token = lexer.getNextToken();
          token.kind != QueryParserConstants.EOF;
          token = lexer.getNextToken())
        words.add(new Word(token.kind, token.image, token.beginColumn));
    } catch (TokenMgrError e) {
      throw unreadable(query, words.isEmpty() ? 0 : words.getLast().end(), e);
    }
    words.add(new Word(QueryParserConstants.EOF, "", query.length()));
    return words;
  }

  private static QueryFault unreadable(String query, int end, TokenMgrError e) {
    int begin = end;
    while (begin < query.length() && Character.isWhitespace(query.charAt(begin))) begin++;
    Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
    int at = column.find() ? Math.min(Integer.parseInt(column.group(1)), query.length()) : begin;
    if (at < query.length()) return new QueryFault(at, "put quotes round a value with marks");
    return new QueryFault(
        at,
        begin == at
            ? "something is missing or not closed"
            : "what begins at character %d (%s) is not closed; in a value put a backslash before it, or quotes round the value"
                .formatted(begin + 1, query.charAt(begin)));
  }

  int end() {
    return at + image.length();
  }

  boolean is(int... kinds) {
    for (int wanted : kinds) if (kind == wanted) return true;
    return false;
  }

  /** What it stands for: without quotes and backslashes. */
  String text() {
    boolean quoted = is(QueryParserConstants.QUOTED, QueryParserConstants.RANGE_QUOTED);
    return unescaped(quoted ? image.substring(1, image.length() - 1) : image, false);
  }

  /** What it stands for, with a backslash before each mark that is meant literally. */
  String pattern() {
    return unescaped(image, true);
  }

  /**
   * A word without quotes that looks like something else.
   *
   * @throws QueryFault saying so
   */
  void checkPlain() {
    if (image.startsWith("&&") || image.startsWith("||"))
      throw new QueryFault(
          at, "write a blank behind %s, or quotes round a value".formatted(image.substring(0, 2)));
    for (int i = 0; i < image.length(); i++) {
      char c = image.charAt(i);
      if (c == '\\') i++; // what is escaped is meant
      else if ((c >= FIRST_SPACE && Character.isSpaceChar(c))
          || Character.isISOControl(c)
          || UNSEEN.indexOf(c) >= 0)
        throw new QueryFault(
            at + i,
            "the character U+%04X looks like a blank or like nothing; write a blank, or quotes round a value that has it"
                .formatted((int) c));
      else if (PRINTERS_QUOTES.indexOf(c) >= 0 || (c == '\'' && i == 0 && image.endsWith("'")))
        throw new QueryFault(
            at + i, "%s is no quote here; write \", or \"%s\" if it is meant".formatted(c, image));
    }
  }

  private String unescaped(String written, boolean isPattern) {
    var text = new StringBuilder(written.length());
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = written.charAt(++i); // the lexer takes no backslash at the end
      if (escaped == 'u') {
        if (!written.substring(i + 1).matches("(?s)[0-9a-fA-F]{4}.*"))
          throw new QueryFault(
              at, "behind \\u stand four digits of a character's number, as in \\u0041");
        escaped = (char) Integer.parseInt(written.substring(i + 1, i + 5), 16);
        i += 4;
      }
      if (isPattern && "*?\\".indexOf(escaped) >= 0) text.append('\\');
      text.append(escaped);
    }
    return text.toString();
  }
}
