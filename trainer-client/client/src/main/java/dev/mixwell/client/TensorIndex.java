package dev.mixwell.client;

import dev.mixwell.base.Json;
import dev.mixwell.base.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The header of a safetensors file or body, read and checked: what lies where.
 *
 * <pre>
 *  offset 0       8 bytes, little-endian: h
 *  offset 8       h bytes of JSON: {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets": [begin, end]}, ...}
 *  offset 8 + h   the data, which the offsets count from
 * </pre>
 *
 * @param tensors by name, in the header's order
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public record TensorIndex(Map<String, String> metadata, Map<String, Entry> tensors) {
  public static final int LENGTH_BYTES = 8;
  public static final int MAX_HEADER_BYTES = 8 << 20;

  private static final String METADATA = "__metadata__";

  /**
   * @param begin and {@code end} in bytes from the start of the data
   */
  public record Entry(String dtype, List<Long> shape, long begin, long end) {
    /** How many numbers. */
    public long count() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /**
   * @param dataBytes how long the data is
   * @throws IllegalArgumentException if this is not a header of such data
   */
  public static TensorIndex parse(byte[] header, long dataBytes) {
    try {
      var metadata = new LinkedHashMap<String, String>();
      var tensors = new LinkedHashMap<String, Entry>();
      for (Map.Entry<?, ?> e : ((Map<?, ?>) Json.read(header, Map.class)).entrySet()) {
        Map<?, ?> value = (Map<?, ?>) e.getValue();
        if (METADATA.equals(e.getKey()))
          value.forEach((k, v) -> metadata.put((String) k, (String) v));
        else tensors.put((String) e.getKey(), entry((String) e.getKey(), value, dataBytes));
      }
      return new TensorIndex(metadata, tensors);
    } catch (Refusal
        | ClassCastException
        | NullPointerException
        | ArithmeticException
        | NoSuchElementException e) {
      throw new IllegalArgumentException("not a safetensors header: " + e.getMessage(), e);
    }
  }

  private static Entry entry(String name, Map<?, ?> value, long dataBytes) {
    String dtype = (String) member(value, "dtype");
    List<Long> shape = longs((List<?>) member(value, "shape"));
    List<Long> offsets = longs((List<?>) member(value, "data_offsets"));
    var entry = new Entry(dtype, shape, offsets.getFirst(), offsets.getLast());
    boolean fits =
        offsets.size() == 2
            && entry.begin >= 0
            && entry.end <= dataBytes
            && shape.stream().allMatch(n -> n >= 0);
    if (!fits || Math.multiplyExact(entry.count(), sizeBytes(dtype)) != entry.end - entry.begin)
      throw new IllegalArgumentException(
          "tensor `%s` does not fit %d bytes of data: %s".formatted(name, dataBytes, value));
    return entry;
  }

  private static Object member(Map<?, ?> value, String name) {
    Object member = value.get(name);
    if (member == null) throw new IllegalArgumentException("`" + name + "` is missing: " + value);
    return member;
  }

  private static List<Long> longs(List<?> numbers) {
    return numbers.stream().map(n -> ((Number) n).longValue()).toList();
  }

  private static int sizeBytes(String dtype) {
    return switch (dtype) {
      case "U8" -> 1;
      case "U16" -> 2;
      case "I32", "F32" -> 4;
      default ->
          throw new IllegalArgumentException("dtype " + dtype + " is none of U8, U16, I32, F32");
    };
  }

  /** A tensor that must be there. */
  public Entry tensor(String name) {
    Entry entry = tensors.get(name);
    if (entry == null)
      throw new IllegalArgumentException("no tensor `" + name + "` among " + tensors.keySet());
    return entry;
  }

  /** As the format writes it, without its length. */
  public byte[] header() {
    var members = new LinkedHashMap<String, Object>();
    members.put(METADATA, metadata);
    tensors.forEach(
        (name, e) ->
            members.put(
                name,
                Map.of(
                    "dtype", e.dtype, "shape", e.shape, "data_offsets", List.of(e.begin, e.end))));
    return Json.writeBytes(members);
  }
}
