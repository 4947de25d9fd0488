package dev.mixwell.columnar;

import dev.mixwell.metadata.MetadataValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReadStore;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column of values, row by row (Parquet's documentation, "Nested Encoding"): a value's repetition
 * level is 0 where a row begins, its definition level says how much of its path is there. Owned by
 * one reader of rows, a thread.
 */
final class ParquetLeaf {
  private static final int MAX_DECIMAL_BYTES = 64;

  private final ColumnDescriptor descriptor;
  private final String top;
  private final String key;
  private final int maxLevel;
  private final boolean isIds;
  private final boolean isText;
  private final boolean isUnsigned;
  private final int listLevel; // definition level from which a list has an element; 0: no list
  private boolean isDocument;
  private @Nullable ColumnReader reader;
  private long left; // values of the row group
  private long number; // of the last value, where it is one
  private int[] ids = new int[1024];
  private int count;
  private boolean hasNullElement;
  private final List<MetadataValue> values = new ArrayList<>();
  private final RowBudget budget;

  private ParquetLeaf(
      ColumnDescriptor descriptor, String top, String key, int listLevel, RowBudget budget) {
    this.budget = budget;
    this.descriptor = descriptor;
    this.top = top;
    this.key = key;
    this.listLevel = listLevel;
    this.maxLevel = descriptor.getMaxDefinitionLevel();
    this.isIds = areIds();
    this.isText = areText();
    this.isUnsigned = logical() instanceof IntLogicalTypeAnnotation i && !i.isSigned();
  }

  private static ParquetLeaf of(MessageType schema, ColumnDescriptor descriptor, RowBudget budget) {
    String[] path = descriptor.getPath();
    var names = new ArrayList<String>();
    int listLevel = 0;
    Type type = schema;
    boolean isInList = false;
    for (int depth = 0; depth < path.length; depth++) {
      GroupType parent = type.asGroupType();
      type = parent.getType(path[depth]);
      boolean isWrapper = isInList; // `list`, and what stands under it
      isInList = isInList ? type.isRepetition(Type.Repetition.REPEATED) : isList(type);
      if (!isWrapper) names.add(path[depth]);
      if (type.isRepetition(Type.Repetition.REPEATED) && listLevel == 0)
        listLevel = schema.getMaxDefinitionLevel(Arrays.copyOf(path, depth + 1));
    }
    return new ParquetLeaf(descriptor, path[0], String.join(".", names), listLevel, budget);
  }

  /** All columns of a schema; together they say no more than is allowed. */
  static List<ParquetLeaf> all(MessageType schema, RowBudget budget) {
    List<ParquetLeaf> leaves = new ArrayList<>();
    for (var descriptor : schema.getColumns()) leaves.add(of(schema, descriptor, budget));
    return leaves;
  }

  /** Its integers are to be ids of tokens; else they are metadata. */
  void becomeDocument() {
    isDocument = true;
  }

  ColumnDescriptor descriptor() {
    return descriptor;
  }

  private static boolean isList(Type type) {
    return type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation;
  }

  /** The column's name. */
  String top() {
    return top;
  }

  /** The name as metadata: of structs dotted, of lists that of the list. */
  String key() {
    return key;
  }

  boolean isText() {
    return isText;
  }

  boolean isIds() {
    return isIds;
  }

  /** Whether it names documents: text or integers, one a row. */
  boolean isId() {
    return (isText || areIntegers()) && descriptor.getMaxRepetitionLevel() == 0;
  }

  private boolean areText() {
    return primitive() == PrimitiveTypeName.BINARY
        && descriptor.getMaxRepetitionLevel() == 0
        && logical() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation;
  }

  private boolean areIds() {
    return areIntegers() && descriptor.getMaxRepetitionLevel() == 1 && key.equals(top);
  }

  private boolean areIntegers() {
    return (primitive() == PrimitiveTypeName.INT32 || primitive() == PrimitiveTypeName.INT64)
        && (logical() == null || logical() instanceof IntLogicalTypeAnnotation);
  }

  /**
   * Whether its values say something of a document.
   *
   * @param besideText not beside ids: lists of numbers are then masks and labels
   */
  boolean isMetadata(boolean besideText) {
    if (descriptor.getMaxRepetitionLevel() > 0
        && !besideText
        && primitive() != PrimitiveTypeName.BINARY) return false;
    return switch (primitive()) {
      case BINARY, FIXED_LEN_BYTE_ARRAY -> logical() != null;
      case INT96 -> false;
      case INT32, INT64, BOOLEAN, FLOAT, DOUBLE -> true;
    };
  }

  private PrimitiveTypeName primitive() {
    return descriptor.getPrimitiveType().getPrimitiveTypeName();
  }

  private @Nullable LogicalTypeAnnotation logical() {
    return descriptor.getPrimitiveType().getLogicalTypeAnnotation();
  }

  /** Begins a row group. */
  void begin(ColumnReadStore store) {
    ColumnReader column = store.getColumnReader(descriptor);
    reader = column;
    left = column.getTotalValueCount();
  }

  /** Goes to the next row; false if it has no value. */
  boolean next() throws UnreadableFile {
    ColumnReader column = reader;
    if (column == null || left == 0) throw new IllegalStateException("no row is left in " + key);
    count = 0;
    hasNullElement = false;
    values.clear();
    boolean isPresent = false;
    do {
      isPresent |= take(column, column.getCurrentDefinitionLevel());
      column.consume();
      left--;
    } while (left > 0 && column.getCurrentRepetitionLevel() > 0);
    return isPresent;
  }

  /** Takes one value; whether the row is there. */
  private boolean take(ColumnReader column, int level) throws UnreadableFile {
    if (level == maxLevel) {
      if (isDocument && isIds) append(id(column));
      else {
        MetadataValue value = value(column);
        if (value != null) values.add(value);
      }
      return true;
    }
    if (listLevel == 0) return false;
    hasNullElement |= level >= listLevel;
    return level >= listLevel - 1; // an empty list is there, a missing one is not
  }

  private void append(int id) throws UnreadableFile {
    budget.takeId();
    if (count == ids.length) ids = Arrays.copyOf(ids, 2 * count);
    ids[count++] = id;
  }

  /** Whether the row's list has an element without a value. */
  boolean hasNullElement() {
    return hasNullElement;
  }

  /** The ids of the row. */
  int[] ids() {
    return Arrays.copyOf(ids, count);
  }

  /** The row's only value. */
  String text() {
    return values.getFirst().text();
  }

  /** Goes to the next row; null if it has no value. */
  @Nullable String nextText() throws UnreadableFile {
    if (!next() || values.isEmpty()) return null;
    return isUnsigned ? Long.toUnsignedString(number) : text();
  }

  /** What the row says. */
  List<MetadataValue> values() {
    return values;
  }

  private int id(ColumnReader column) {
    long id = whole(column);
    return id == (int) id ? (int) id : -1; // no vocabulary has it
  }

  private long whole(ColumnReader column) {
    if (primitive() == PrimitiveTypeName.INT64) return column.getLong();
    return isUnsigned ? Integer.toUnsignedLong(column.getInteger()) : column.getInteger();
  }

  private @Nullable MetadataValue value(ColumnReader column) throws UnreadableFile {
    return switch (primitive()) {
      case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(column.getBinary());
      case INT96 -> null;
      case BOOLEAN, FLOAT, DOUBLE, INT32, INT64 -> {
        budget.takeValue(0);
        yield simple(column);
      }
    };
  }

  private @Nullable MetadataValue simple(ColumnReader column) {
    return switch (primitive()) {
      case BOOLEAN -> new MetadataValue.Keyword(Boolean.toString(column.getBoolean()));
      case FLOAT -> MetadataValue.number(column.getFloat());
      case DOUBLE -> MetadataValue.number(column.getDouble());
      case INT32, INT64 -> number(column);
      case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> null;
    };
  }

  private MetadataValue number(ColumnReader column) {
    number = whole(column);
    return switch (logical()) {
      case DateLogicalTypeAnnotation _ ->
          new MetadataValue.Keyword(LocalDate.ofEpochDay(number).toString());
      case TimestampLogicalTypeAnnotation t -> new MetadataValue.Keyword(instant(number, t));
      case DecimalLogicalTypeAnnotation d ->
          MetadataValue.number(BigDecimal.valueOf(number, d.getScale()));
      case IntLogicalTypeAnnotation _ when isUnsigned && number < 0 ->
          MetadataValue.number(new BigDecimal(Long.toUnsignedString(number)));
      case null, default -> new MetadataValue.Whole(number);
    };
  }

  private static String instant(long number, TimestampLogicalTypeAnnotation type) {
    long unitNanos =
        switch (type.getUnit()) {
          case MILLIS -> 1_000_000;
          case MICROS -> 1_000;
          case NANOS -> 1;
        };
    long perSecond = 1_000_000_000 / unitNanos;
    return Instant.ofEpochSecond(
            Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * unitNanos)
        .toString();
  }

  private @Nullable MetadataValue binary(Binary stored) throws UnreadableFile {
    if (logical() instanceof DecimalLogicalTypeAnnotation d) {
      if (stored.length() > MAX_DECIMAL_BYTES) return null;
      budget.takeValue(stored.length());
      return MetadataValue.number(new BigDecimal(new BigInteger(stored.getBytes()), d.getScale()));
    }
    boolean isString =
        logical() instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
            || logical() instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
            || logical() instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
    if (!isString) return null;
    budget.takeValue(stored.length());
    return new MetadataValue.Keyword(Utf8.text(stored.getBytesUnsafe(), key));
  }
}
