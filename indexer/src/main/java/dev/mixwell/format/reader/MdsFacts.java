package dev.mixwell.format.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.format.Faults;
import dev.mixwell.format.JsonIndex;
import dev.mixwell.format.JsonMetadata;
import dev.mixwell.format.Mapping;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.metadata.MetadataValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the other columns of a sample say of its document. Texts become keywords, numbers numbers,
 * JSON what JSON is; arrays, images, bytes and pickles are left out.
 */
final class MdsFacts {
  /** Larger values are no metadata. */
  private static final int MAX_VALUE_BYTES = 1 << 16;

  private final String file;
  private final Mapping bytes;
  private final MdsColumns layout;
  private final long[] starts;
  private final long[] sizes;
  private final long sample;

  MdsFacts(
      String file, Mapping bytes, MdsColumns layout, long[] starts, long[] sizes, long sample) {
    this.file = file;
    this.bytes = bytes;
    this.layout = layout;
    this.starts = starts;
    this.sizes = sizes;
    this.sample = sample;
  }

  @Nullable String id() {
    for (int c = 0; c < layout.columns().size(); c++)
      if (layout.columns().get(c).name().equals(layout.idField()) && c != layout.tokens())
        return text(c);
    return null;
  }

  Metadata metadata() {
    if (layout.columns().size() == 1) return Metadata.NONE;
    var values = new TreeMap<String, List<MetadataValue>>();
    for (int c = 0; c < layout.columns().size(); c++) {
      String name = layout.columns().get(c).name();
      if (c == layout.tokens() || name.equals(layout.idField()) || sizes[c] > MAX_VALUE_BYTES)
        continue;
      List<MetadataValue> found = values(c, name, values);
      if (!found.isEmpty()) values.put(name, found);
    }
    return new Metadata(values);
  }

  private List<MetadataValue> values(
      int column, String name, TreeMap<String, List<MetadataValue>> all) {
    String encoding = layout.columns().get(column).encoding();
    MetadataValue value =
        switch (encoding.split(":", 2)[0]) {
          case "str" -> new MetadataValue.Keyword(string(column));
          case "json" -> {
            JsonMetadata.add(name, json(column), all);
            yield null;
          }
          case "str_int", "str_float", "str_decimal" -> number(column, string(column));
          case "int", "int64" -> whole(column, Long.BYTES, true);
          case "int32" -> whole(column, Integer.BYTES, true);
          case "int16" -> whole(column, Short.BYTES, true);
          case "int8" -> whole(column, Byte.BYTES, true);
          case "uint64" -> whole(column, Long.BYTES, false);
          case "uint32" -> whole(column, Integer.BYTES, false);
          case "uint16" -> whole(column, Short.BYTES, false);
          case "uint8" -> whole(column, Byte.BYTES, false);
          case "float64" -> MetadataValue.number(Double.longBitsToDouble(bits(column, Long.BYTES)));
          case "float32" ->
              MetadataValue.number(Float.intBitsToFloat((int) bits(column, Integer.BYTES)));
          default -> null;
        };
    return value == null ? List.of() : List.of(value);
  }

  private @Nullable String text(int column) {
    List<MetadataValue> values =
        values(column, layout.columns().get(column).name(), new TreeMap<>());
    return values.isEmpty() ? null : values.getFirst().text();
  }

  private String string(int column) {
    return new String(
        bytes.array(starts[column], Math.toIntExact(sizes[column])), StandardCharsets.UTF_8);
  }

  private JsonNode json(int column) {
    try {
      return JsonIndex.tree(bytes.array(starts[column], Math.toIntExact(sizes[column])));
    } catch (IOException e) {
      throw wrong(column, "is no JSON");
    }
  }

  private @Nullable MetadataValue number(int column, String text) {
    try {
      return MetadataValue.number(new BigDecimal(text.strip()));
    } catch (IllegalArgumentException e) {
      throw wrong(column, "is no number: \"%.40s\"".formatted(text));
    }
  }

  private MetadataValue whole(int column, int width, boolean signed) {
    long number = bits(column, width);
    if (signed) {
      int spare = Long.SIZE - 8 * width;
      return new MetadataValue.Whole(number << spare >> spare);
    }
    return number >= 0
        ? new MetadataValue.Whole(number)
        : MetadataValue.number(new BigDecimal(new BigInteger(Long.toUnsignedString(number))));
  }

  /** Little-endian, zeros above. */
  private long bits(int column, int width) {
    if (sizes[column] != width) throw wrong(column, "has %,d bytes".formatted(sizes[column]));
    long bits = 0;
    for (int i = 0; i < width; i++) bits |= (long) bytes.u8(starts[column] + i) << 8 * i;
    return bits;
  }

  private RuntimeException wrong(int column, String what) {
    return Faults.damaged(
        file,
        "sample %,d: its column \"%s\" %s"
            .formatted(sample, layout.columns().get(column).name(), what));
  }
}
