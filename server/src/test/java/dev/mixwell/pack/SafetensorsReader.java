package dev.mixwell.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixwell.base.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a safetensors body and holds it to the format: no holes, every tensor aligned to its type,
 * data at a multiple of 64.
 */
final class SafetensorsReader {
  private final byte[] body;
  private final JsonNode header;
  private final int dataStart;

  private SafetensorsReader(byte[] body) {
    this.body = body;
    long headerBytes = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getLong();
    this.dataStart = Math.toIntExact(8 + headerBytes);
    this.header = Json.tree(Arrays.copyOfRange(body, 8, dataStart));
  }

  static SafetensorsReader read(PackedBatch packed) {
    return read(
        Arrays.copyOfRange(packed.array(), packed.offset(), packed.offset() + packed.length()));
  }

  static SafetensorsReader read(byte[] body) {
    var reader = new SafetensorsReader(body);
    assertEquals('{', body[8]);
    assertEquals(0, reader.dataStart % 64);
    var ends = new TreeMap<Integer, Integer>();
    for (String name : new String[] {"tokens", "groups", "cu_seqlens"}) {
      assertEquals(0, reader.from(name) % reader.width(name), name + " is aligned");
      ends.put(reader.from(name), reader.to(name));
    }
    int at = 0;
    for (var tensor : ends.entrySet()) {
      assertEquals(at, tensor.getKey(), "no holes");
      at = tensor.getValue();
    }
    assertEquals(body.length - reader.dataStart, at);
    return reader;
  }

  Map<String, String> metadata() {
    var metadata = new LinkedHashMap<String, String>();
    header
        .get("__metadata__")
        .properties()
        .forEach(e -> metadata.put(e.getKey(), e.getValue().textValue()));
    return metadata;
  }

  String dtype(String name) {
    return header.get(name).get("dtype").textValue();
  }

  byte[] bytes(String name) {
    return Arrays.copyOfRange(body, dataStart + from(name), dataStart + to(name));
  }

  int[] values(String name) {
    var bytes = ByteBuffer.wrap(bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
    int count = 1;
    for (JsonNode size : header.get(name).get("shape")) count *= size.intValue();
    int[] values = new int[count];
    for (int i = 0; i < count; i++)
      values[i] = width(name) == 2 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
    assertEquals(0, bytes.remaining(), name + " has the bytes of its shape");
    return values;
  }

  private int width(String name) {
    return dtype(name).equals("U16") ? 2 : 4;
  }

  private int from(String name) {
    return header.get(name).get("data_offsets").get(0).intValue();
  }

  private int to(String name) {
    return header.get(name).get("data_offsets").get(1).intValue();
  }
}
