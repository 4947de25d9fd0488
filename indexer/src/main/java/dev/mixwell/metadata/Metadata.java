package dev.mixwell.metadata;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A document's metadata: values by key, in the order of the keys. A key with several values had an
 * array; a key of a nested object has a dotted name.
 *
 * <p>As bytes, big-endian: the number of keys; of each key its name, the number of values, and of
 * each value a kind (0 keyword, 1 whole, 2 decimal) and the value. Counts are 32-bit, text is its
 * length in bytes and UTF-8.
 */
public record Metadata(SortedMap<String, List<MetadataValue>> values) {
  public static final Metadata NONE = new Metadata(new TreeMap<>());

  private static final int KEYWORD = 0;
  private static final int WHOLE = 1;
  private static final int DECIMAL = 2;

  public Metadata {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Its values as JSON has them: text and numbers. */
  public Map<String, List<Object>> plain() {
    var all = new LinkedHashMap<String, List<Object>>();
    values.forEach((key, list) -> all.put(key, list.stream().map(MetadataValue::plain).toList()));
    return all;
  }

  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(values.size());
      for (var entry : values.entrySet()) {
        writeText(out, entry.getKey());
        out.writeInt(entry.getValue().size());
        for (MetadataValue value : entry.getValue()) writeValue(out, value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static Metadata fromBytes(byte[] bytes) {
    var values = new TreeMap<String, List<MetadataValue>>();
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      for (int keys = in.readInt(); keys > 0; keys--) {
        String key = readText(in);
        var list = new ArrayList<MetadataValue>();
        for (int n = in.readInt(); n > 0; n--) list.add(readValue(in));
        values.put(key, Collections.unmodifiableList(list));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Metadata(values);
  }

  private static void writeValue(DataOutputStream out, MetadataValue value) throws IOException {
    switch (value) {
      case MetadataValue.Keyword keyword -> {
        out.writeByte(KEYWORD);
        writeText(out, keyword.text());
      }
      case MetadataValue.Whole whole -> {
        out.writeByte(WHOLE);
        out.writeLong(whole.value());
      }
      case MetadataValue.Decimal decimal -> {
        out.writeByte(DECIMAL);
        out.writeDouble(decimal.value());
      }
    }
  }

  private static MetadataValue readValue(DataInputStream in) throws IOException {
    int kind = in.readByte();
    return switch (kind) {
      case KEYWORD -> new MetadataValue.Keyword(readText(in));
      case WHOLE -> new MetadataValue.Whole(in.readLong());
      case DECIMAL -> new MetadataValue.Decimal(in.readDouble());
      default -> throw new IOException("no kind of metadata value: " + kind);
    };
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
