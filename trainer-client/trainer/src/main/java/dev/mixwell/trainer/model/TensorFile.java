package dev.mixwell.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.mixwell.client.TensorIndex;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Float32 arrays as a safetensors stream, laid out by {@link TensorIndex}; one array at a time is
 * in memory.
 */
public final class TensorFile {
  private TensorFile() {}

  public static void write(Map<String, NDArray> arrays, OutputStream stream) throws IOException {
    var entries = new LinkedHashMap<String, TensorIndex.Entry>();
    long at = 0;
    for (Map.Entry<String, NDArray> e : arrays.entrySet()) {
      long end = at + Float.BYTES * e.getValue().size();
      entries.put(e.getKey(), new TensorIndex.Entry("F32", shape(e.getValue()), at, end));
      at = end;
    }
    byte[] header = new TensorIndex(Map.of(), entries).header();
    var out = new DataOutputStream(stream);
    out.writeLong(Long.reverseBytes(header.length));
    out.write(header);
    for (NDArray array : arrays.values()) {
      float[] values = array.toFloatArray();
      ByteBuffer bytes =
          ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      out.write(bytes.array());
    }
    out.flush();
  }

  /**
   * Reads into arrays of the same names and shapes.
   *
   * @param dataBytes how long the stream is behind its header's 8 bytes of length
   * @param prefix of the names that are read; others in the file are passed over
   * @throws IllegalArgumentException if names or shapes differ
   */
  public static void read(
      InputStream stream, long dataBytes, String prefix, Map<String, NDArray> arrays)
      throws IOException {
    var in = new DataInputStream(stream);
    long headerBytes = Long.reverseBytes(in.readLong());
    if (headerBytes < 0 || headerBytes > Math.min(dataBytes, TensorIndex.MAX_HEADER_BYTES))
      throw new IllegalArgumentException(
          "not a safetensors file: a header of " + headerBytes + " bytes");
    byte[] header = new byte[(int) headerBytes];
    in.readFully(header);
    TensorIndex index = TensorIndex.parse(header, dataBytes - headerBytes);
    Set<String> there =
        index.tensors().keySet().stream()
            .filter(name -> name.startsWith(prefix))
            .collect(Collectors.toSet());
    if (!there.equals(arrays.keySet()))
      throw new IllegalArgumentException(
          "the file's arrays are those of another model: " + index.tensors().keySet());
    List<Map.Entry<String, TensorIndex.Entry>> inOrder =
        new ArrayList<>(index.tensors().entrySet());
    inOrder.sort(Comparator.comparingLong(e -> e.getValue().begin()));
    for (Map.Entry<String, TensorIndex.Entry> e : inOrder) {
      byte[] bytes = new byte[Math.toIntExact(e.getValue().end() - e.getValue().begin())];
      in.readFully(bytes); // not skipped: the stream takes a digest of what is read
      if (!there.contains(e.getKey())) continue;
      NDArray array = arrays.get(e.getKey());
      if (array == null || !shape(array).equals(e.getValue().shape()))
        throw new IllegalArgumentException(
            "array `" + e.getKey() + "` has another shape: " + e.getValue().shape());
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      array.set(values);
    }
  }

  private static List<Long> shape(NDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }
}
