package dev.mixwell.format.reader;

import dev.mixwell.format.Faults;
import dev.mixwell.format.Stated;
import dev.mixwell.shard.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an MDS shard, in the order in which a sample has them.
 *
 * @param tokens which of them is the document
 */
record MdsColumns(
    List<Column> columns, int tokens, Kind kind, @Nullable TokenType type, String idField) {
  /**
   * @param sizeBytes of each value; null where a sample says it
   */
  record Column(String name, String encoding, @Nullable Integer sizeBytes) {}

  /** How a document lies in its column. */
  enum Kind {
    /** Values alone: {@code bytes}, and {@code ndarray:TYPE:SHAPE}. */
    VALUES,
    /** {@code ndarray:TYPE}: a shape, and values. */
    SHAPED,
    /** {@code ndarray}: a type, a shape, and values. */
    TYPED,
    TEXT
  }

  private static final List<String> USUAL = List.of("tokens", "input_ids", "text");
  private static final String ARRAY = "ndarray";

  static MdsColumns of(String index, Mds.Entry shard, Stated stated) {
    List<Column> columns = columns(index, shard);
    int at = tokens(index, columns, stated.column());
    Column tokens = columns.get(at);
    String[] encoding = tokens.encoding.split(":");
    Kind kind = kind(index, tokens);
    TokenType type = null;
    if (kind == Kind.SHAPED || (kind == Kind.VALUES && encoding[0].equals(ARRAY)))
      type = type(index, tokens, encoding[1]);
    else if (kind == Kind.VALUES) type = stated(index, tokens, stated.type());
    if (kind == Kind.VALUES && tokens.sizeBytes != null && type != null)
      requireFixed(index, tokens, encoding, type);
    return new MdsColumns(columns, at, kind, type, stated.idField());
  }

  private static List<Column> columns(String index, Mds.Entry shard) {
    List<String> names = shard.columnNames();
    List<String> encodings = shard.columnEncodings();
    List<@Nullable Integer> sizes = shard.columnSizes();
    if (names == null
        || encodings == null
        || sizes == null
        || names.size() != encodings.size()
        || names.size() != sizes.size())
      throw Faults.damaged(index, "a shard of it has not a name, an encoding and a size a column");
    var columns = new ArrayList<Column>();
    for (int i = 0; i < names.size(); i++) {
      Integer size = sizes.get(i);
      if (names.get(i) == null || encodings.get(i) == null)
        throw Faults.damaged(index, "column %d of a shard of it is null".formatted(i));
      if (size != null && size < 0)
        throw Faults.damaged(index, "its column \"%s\" has %d bytes".formatted(names.get(i), size));
      columns.add(new Column(names.get(i), encodings.get(i), size));
    }
    return columns;
  }

  private static int tokens(String index, List<Column> columns, @Nullable String stated) {
    List<String> names = columns.stream().map(Column::name).toList();
    if (stated != null && names.contains(stated)) return names.indexOf(stated);
    List<String> usual = names.stream().filter(USUAL::contains).toList();
    if (stated == null && usual.size() == 1) return names.indexOf(usual.getFirst());
    throw Faults.ask(
        index,
        stated == null
            ? "which column holds the documents is not clear"
            : "there is no column \"%s\"".formatted(stated),
        "Name one of %s with --column.".formatted(String.join(", ", names)));
  }

  private static Kind kind(String index, Column tokens) {
    String[] encoding = tokens.encoding.split(":");
    return switch (encoding[0]) {
      case "str" -> Kind.TEXT;
      case "bytes" -> Kind.VALUES;
      case ARRAY ->
          encoding.length == 1 ? Kind.TYPED : encoding.length == 2 ? Kind.SHAPED : Kind.VALUES;
      case "pkl" ->
          throw Faults.unsupported(
              index,
              "its column \"%s\" is pickled, and a pickle may run anything when it is opened"
                  .formatted(tokens.name));
      default ->
          throw Faults.unsupported(
              index,
              "its column \"%s\" is encoded as \"%s\"; documents are ndarray, bytes or str"
                  .formatted(tokens.name, tokens.encoding));
    };
  }

  private static TokenType type(String index, Column tokens, String name) {
    for (TokenType type : TokenType.values())
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) return type;
    throw Faults.unsupported(
        index,
        "its column \"%s\" is encoded as \"%s\"; tokens are integers of 8 to 64 bits"
            .formatted(tokens.name, tokens.encoding));
  }

  private static TokenType stated(String index, Column tokens, @Nullable TokenType type) {
    if (type != null) return type;
    throw Faults.ask(
        index,
        "its column \"%s\" is encoded as bytes, and nothing says of what type the tokens are"
            .formatted(tokens.name),
        "Say it with --dtype; llm-foundry writes int64 unless it is told otherwise.");
  }

  /** Values of a fixed shape have its size. */
  private static void requireFixed(String index, Column tokens, String[] encoding, TokenType type) {
    long count = 1;
    try {
      if (encoding.length == 3)
        for (String side : encoding[2].split(","))
          count = Math.multiplyExact(count, Long.parseLong(side));
      if (encoding.length == 3
          && tokens.sizeBytes != null
          && Math.multiplyExact(count, (long) type.sizeBytes()) == tokens.sizeBytes) return;
    } catch (ArithmeticException e) {
      // refused below
    } catch (NumberFormatException e) {
      throw Faults.damaged(index, "its encoding \"%s\" has no shape".formatted(tokens.encoding));
    }
    throw Faults.damaged(
        index,
        "its column \"%s\" of %d bytes is encoded as \"%s\""
            .formatted(tokens.name, tokens.sizeBytes, tokens.encoding));
  }
}
