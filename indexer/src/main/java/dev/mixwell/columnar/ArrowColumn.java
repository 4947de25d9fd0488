package dev.mixwell.columnar;

import dev.mixwell.metadata.MetadataValue;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.jspecify.annotations.Nullable;

/** A column of a schema, and its values in the record batch that was bound last. One thread's. */
final class ArrowColumn {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_CHILDREN = 10_000;
  private static final int MAX_VALUES_PER_BYTE = 8; // bits

  private final String name;
  private final byte type;
  private final boolean isDictionary;
  private final int widthBytes; // of a value; of a list of fixed size, its elements
  private final boolean isSigned;
  private final short unit; // of dates and times; of floating point, its precision
  private final List<ArrowColumn> children = new ArrayList<>();
  private long length; // of the batch that was bound last
  private long nulls;
  private ArrowBatch.@Nullable Part validity;
  private ArrowBatch.@Nullable Part offsets;
  private ArrowBatch.@Nullable Part data;

  private ArrowColumn(Field field, int depth) throws UnreadableFile {
    if (depth > MAX_DEPTH || field.childrenLength() > MAX_CHILDREN)
      throw UnreadableFile.damaged("its schema is nested too deeply or too wide");
    this.name = String.valueOf(field.name());
    this.isDictionary = field.dictionary() != null;
    this.type = isDictionary ? Type.Int : field.typeType();
    Int integer = isDictionary ? field.dictionary().indexType() : integer(field);
    this.isSigned = integer != null && integer.isSigned();
    this.widthBytes = isDictionary && integer == null ? Integer.BYTES : width(field, integer);
    this.unit = unit(field);
    if (!isDictionary)
      for (int c = 0; c < field.childrenLength(); c++)
        children.add(new ArrowColumn(field.children(c), depth + 1));
  }

  static ArrowColumn of(Field field) throws UnreadableFile {
    return new ArrowColumn(field, 0);
  }

  private static @Nullable Int integer(Field field) {
    return field.typeType() == Type.Int ? (Int) field.type(new Int()) : null;
  }

  private int width(Field field, @Nullable Int integer) throws UnreadableFile {
    return switch (type) {
      case Type.Int -> integer == null ? Integer.BYTES : bytes(integer.bitWidth());
      case Type.FloatingPoint -> floatWidth((FloatingPoint) field.type(new FloatingPoint()));
      case Type.Date ->
          ((Date) field.type(new Date())).unit() == DateUnit.DAY ? Integer.BYTES : Long.BYTES;
      case Type.Timestamp, Type.Duration -> Long.BYTES;
      case Type.FixedSizeList -> ((FixedSizeList) field.type(new FixedSizeList())).listSize();
      case Type.FixedSizeBinary ->
          ((FixedSizeBinary) field.type(new FixedSizeBinary())).byteWidth();
      default -> 0;
    };
  }

  private static int bytes(int bits) throws UnreadableFile {
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
      throw UnreadableFile.damaged("its schema has integers of %d bits".formatted(bits));
    return bits / 8;
  }

  private static int floatWidth(FloatingPoint floating) {
    return switch (floating.precision()) {
      case Precision.HALF -> Short.BYTES;
      case Precision.SINGLE -> Float.BYTES;
      default -> Double.BYTES;
    };
  }

  private static short unit(Field field) {
    return switch (field.typeType()) {
      case Type.Date -> ((Date) field.type(new Date())).unit();
      case Type.Timestamp -> ((Timestamp) field.type(new Timestamp())).unit();
      default -> 0;
    };
  }

  String name() {
    return name;
  }

  boolean isText() {
    return !isDictionary && (type == Type.Utf8 || type == Type.LargeUtf8);
  }

  boolean isList() {
    return type == Type.List || type == Type.LargeList || type == Type.FixedSizeList;
  }

  /** Whether it is a list of integers. */
  boolean isIds() {
    return isList()
        && children.size() == 1
        && children.getFirst().type == Type.Int
        && !children.getFirst().isDictionary;
  }

  ArrowColumn element() {
    return children.getFirst();
  }

  int widthBytes() {
    return widthBytes;
  }

  boolean isSigned() {
    return isSigned;
  }

  /** Takes its buffers from a batch, and its children's. */
  void bind(ArrowBatch batch, long length) throws UnreadableFile {
    ArrowBatch.Node found = batch.nextNode();
    if (found.length() < length)
      throw UnreadableFile.damaged(
          "its column \"%s\" has %,d values where %,d are needed"
              .formatted(name, found.length(), length));
    if (length / MAX_VALUES_PER_BYTE > batch.sizeBytes()) // some types have no buffers
    throw UnreadableFile.damaged(
          "its column \"%s\" would have %,d values in %,d bytes"
              .formatted(name, length, batch.sizeBytes()));
    this.length = length;
    this.nulls = found.nulls();
    validity = type == Type.Null || type == Type.Union ? null : batch.nextPart().marking(length);
    offsets = null;
    data = null;
    switch (type) {
      case Type.Null -> {}
      case Type.Struct_ -> {
        for (ArrowColumn child : children) child.bind(batch, length);
      }
      case Type.List, Type.Map -> bindList(batch, length, Integer.BYTES);
      case Type.LargeList -> bindList(batch, length, Long.BYTES);
      case Type.FixedSizeList -> bindFixedList(batch, length);
      case Type.Utf8, Type.Binary -> bindText(batch, length, Integer.BYTES);
      case Type.LargeUtf8, Type.LargeBinary -> bindText(batch, length, Long.BYTES);
      case Type.Bool -> data = batch.nextPart().marking(length);
      case Type.Int, Type.FloatingPoint, Type.Date, Type.Timestamp, Type.Duration ->
          data = batch.nextPart().holding(length, widthBytes);
      case Type.FixedSizeBinary, Type.Decimal, Type.Time, Type.Interval -> data = batch.nextPart();
      default ->
          throw UnreadableFile.unsupported(
              "its column \"%s\" has the Arrow type %s".formatted(name, Type.name(type)));
    }
  }

  private void bindList(ArrowBatch batch, long length, int offsetBytes) throws UnreadableFile {
    ArrowBatch.Part found = batch.nextPart();
    offsets = length == 0 ? found : found.holding(length + 1, offsetBytes);
    children.getFirst().bind(batch, length == 0 ? 0 : offset(length));
  }

  private void bindFixedList(ArrowBatch batch, long length) throws UnreadableFile {
    if (widthBytes < 0 || (widthBytes > 0 && length > Long.MAX_VALUE / widthBytes))
      throw UnreadableFile.damaged("its lists would have %d elements".formatted(widthBytes));
    children.getFirst().bind(batch, length * widthBytes);
  }

  private void bindText(ArrowBatch batch, long length, int offsetBytes) throws UnreadableFile {
    ArrowBatch.Part found = batch.nextPart();
    offsets = length == 0 ? found : found.holding(length + 1, offsetBytes);
    data = batch.nextPart();
    if (length > 0) data.holding(Math.max(0, offset(length)), 1);
  }

  private long offset(long index) throws UnreadableFile {
    ArrowBatch.Part found = required(offsets);
    boolean isLarge = type == Type.LargeList || type == Type.LargeUtf8 || type == Type.LargeBinary;
    long offset = isLarge ? found.i64(index) : found.i32(index);
    if (offset < 0)
      throw UnreadableFile.damaged("its column \"%s\" has the offset %,d".formatted(name, offset));
    return offset;
  }

  /** Where a row's elements lie among all, or its bytes. */
  record Range(long from, long length) {}

  Range range(long row) throws UnreadableFile {
    if (type == Type.FixedSizeList) return new Range(row * widthBytes, widthBytes);
    long from = offset(row);
    long to = offset(row + 1);
    long end = offset(length);
    if (to < from || to > end)
      throw UnreadableFile.damaged(
          "row %,d of its column \"%s\" lies at %,d to %,d of %,d"
              .formatted(row, name, from, to, end));
    return new Range(from, to - from);
  }

  boolean isNull(long row) {
    return type == Type.Null || (validity != null && nulls > 0 && !validity.bit(row));
  }

  /** Whether none of some values is null. */
  boolean isComplete(Range range) {
    if (nulls == 0) return true;
    for (long i = range.from; i < range.from + range.length; i++) if (isNull(i)) return false;
    return true;
  }

  /** The byte in the file at which a value lies. */
  long atByte(long index) throws UnreadableFile {
    return required(data).atByte() + index * widthBytes;
  }

  String text(long row) throws UnreadableFile {
    Range range = range(row);
    if (range.length > Integer.MAX_VALUE - 8)
      throw UnreadableFile.damaged("row %,d has %,d bytes of text".formatted(row, range.length));
    return Utf8.text(required(data).bytes(range.from, (int) range.length), name);
  }

  private static ArrowBatch.Part required(ArrowBatch.@Nullable Part part) {
    if (part == null) throw new IllegalStateException("not bound");
    return part;
  }

  /** Adds what a row says; lists of numbers beside ids are masks and labels, and say nothing. */
  void describe(
      String key, long row, boolean besideIds, TreeMap<String, List<MetadataValue>> values)
      throws UnreadableFile {
    if (isNull(row) || isDictionary) return;
    if (type == Type.Struct_) {
      for (ArrowColumn child : children)
        child.describe(key + "." + child.name, row, besideIds, values);
      return;
    }
    if (isList()) {
      if (besideIds && !element().isText()) return;
      Range range = range(row);
      for (long i = range.from; i < range.from + range.length; i++)
        element().describe(key, i, besideIds, values);
      return;
    }
    MetadataValue value = value(row);
    if (value != null) values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
  }

  @Nullable MetadataValue value(long row) throws UnreadableFile {
    return switch (type) {
      case Type.Utf8, Type.LargeUtf8 -> new MetadataValue.Keyword(text(row));
      case Type.Bool -> new MetadataValue.Keyword(Boolean.toString(required(data).bit(row)));
      case Type.Int -> new MetadataValue.Whole(whole(row));
      case Type.FloatingPoint -> floating(row);
      case Type.Date ->
          new MetadataValue.Keyword(
              (unit == DateUnit.DAY
                      ? LocalDate.ofEpochDay(required(data).i32(row))
                      : LocalDate.ofEpochDay(Math.floorDiv(required(data).i64(row), 86_400_000L)))
                  .toString());
      case Type.Timestamp -> new MetadataValue.Keyword(instant(required(data).i64(row)));
      default -> null;
    };
  }

  private long whole(long row) {
    ArrowBatch.Part part = required(data);
    long bits = 0;
    for (int i = 0; i < widthBytes; i++) bits |= (long) part.u8(row * widthBytes + i) << 8 * i;
    int spare = Long.SIZE - 8 * widthBytes;
    return isSigned ? bits << spare >> spare : bits;
  }

  private @Nullable MetadataValue floating(long row) {
    double number =
        switch (widthBytes) {
          case Short.BYTES -> Float.float16ToFloat((short) whole(row));
          case Float.BYTES -> Float.intBitsToFloat((int) whole(row));
          default -> Double.longBitsToDouble(whole(row));
        };
    return MetadataValue.number(number);
  }

  private String instant(long number) {
    long perSecond =
        switch (unit) {
          case TimeUnit.SECOND -> 1;
          case TimeUnit.MILLISECOND -> 1_000;
          case TimeUnit.MICROSECOND -> 1_000_000;
          default -> 1_000_000_000;
        };
    return Instant.ofEpochSecond(
            Math.floorDiv(number, perSecond),
            Math.floorMod(number, perSecond) * (1_000_000_000 / perSecond))
        .toString();
  }
}
