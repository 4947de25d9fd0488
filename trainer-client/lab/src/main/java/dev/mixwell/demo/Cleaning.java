package dev.mixwell.demo;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is done to text before it becomes documents. Lengths are in code points. */
final class Cleaning {
  private static final Pattern OPENING_COMMENT =
      Pattern.compile("\\s*/\\*.*?\\*/\\s*", Pattern.DOTALL);
  private static final Pattern LICENCE =
      Pattern.compile("licen[cs]e|copyright", Pattern.CASE_INSENSITIVE);

  /** AsciiDoc; only a line feed ends a line. */
  private static final Pattern COMMENT_LINE =
      Pattern.compile("^// .*$", Pattern.MULTILINE | Pattern.UNIX_LINES);

  private Cleaning() {}

  /** A part of a longer text and the label of its first piece. */
  record Piece(String label, String text) {}

  /** UTF-8, or Latin-1 if it is not. */
  static String decode(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return new String(content, StandardCharsets.ISO_8859_1);
    }
  }

  /** Line feeds only, no space at line ends, at most one blank line in a row, none at the ends. */
  static String tidy(String text) {
    String plain = text.replace("\r\n", "\n").replace('\r', '\n').replace("\0", "");
    while (plain.startsWith("\ufeff")) plain = plain.substring(1);
    String trimmed =
        plain.lines().map(Cleaning::withoutTrailingSpace).collect(Collectors.joining("\n"));
    return strip(trimmed.replaceAll("\n{3,}", "\n\n"));
  }

  /** Drops the comment that opens a source file if it is a licence: every file repeats it. */
  static String withoutLicence(String source) {
    var comment = OPENING_COMMENT.matcher(source);
    boolean licence = comment.lookingAt() && LICENCE.matcher(comment.group()).find();
    return licence ? source.substring(comment.end()) : source;
  }

  static String withoutCommentLines(String asciidoc) {
    return COMMENT_LINE.matcher(asciidoc).replaceAll("");
  }

  /** Consecutive short pieces joined by blank lines to texts of at least {@code size}. */
  static List<Piece> join(Iterable<Piece> pieces, int size) {
    var joined = new ArrayList<Piece>();
    var open = new ArrayList<Piece>();
    int length = 0;
    for (Piece piece : pieces) {
      open.add(piece);
      length += length(piece.text);
      if (length < size) continue;
      joined.add(joined(open));
      open.clear();
      length = 0;
    }
    if (!open.isEmpty()) joined.add(joined(open));
    return joined;
  }

  /** Cut at blank lines to pieces of about {@code size}; the label is the piece's index. */
  static List<Piece> cut(String text, int size) {
    if (length(text) <= size * 3 / 2) return List.of(new Piece("0", text));
    var paragraphs = new ArrayList<Piece>();
    for (String paragraph : text.split("\n\n+", -1)) paragraphs.add(new Piece("", paragraph));
    var cut = new ArrayList<Piece>();
    for (Piece piece : join(paragraphs, size)) cut.add(new Piece("" + cut.size(), piece.text));
    return cut;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Without space of any kind at both ends, no-break spaces too. */
  static String strip(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) start++;
    return withoutTrailingSpace(text.substring(start));
  }

  private static Piece joined(List<Piece> pieces) {
    String text = pieces.stream().map(Piece::text).collect(Collectors.joining("\n\n"));
    return new Piece(pieces.getFirst().label, text);
  }

  private static String withoutTrailingSpace(String line) {
    int end = line.length();
    while (end > 0 && isSpace(line.charAt(end - 1))) end--;
    return line.substring(0, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
