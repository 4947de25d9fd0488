package dev.mixwell.format.reader;

import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import dev.mixwell.format.Format;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.lines.MetadataColumns;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A parser and the bytes it is given: anything may come, and a {@link Refusal} or documents within
 * their file must come out. The nested classes are what a fuzzer calls, one a parser; their input
 * is one file, or the first of two files behind its length of 16 bits. {@link FuzzSeeds} has at
 * least three seeds for each.
 *
 * <pre>
 * ./mixwell fuzz MdsShards --minutes 10
 * </pre>
 */
public final class Fuzzed {
  private static final Path FOLDER = folder();
  private static final Stated STATED =
      new Stated(TokenType.UINT16, 50_256, false, null, null, "id", null, null);

  private Fuzzed() {}

  private static Path folder() {
    try {
      Path memory = Path.of("/dev/shm");
      return Files.isDirectory(memory)
          ? Files.createTempDirectory(memory, "mixwell-fuzz-")
          : Files.createTempDirectory("mixwell-fuzz-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Held, because the logging of the JDK forgets the level of a logger that nobody holds. */
  private static final Logger PARQUET = Logger.getLogger("org.apache.parquet");

  /** Loads the classes that a parser needs, so that an input's time is its own. */
  static void warm(String parser) throws Exception {
    PARQUET.setLevel(Level.OFF);
    Method target =
        Class.forName(Fuzzed.class.getName() + "$" + parser)
            .getMethod("fuzzerTestOneInput", byte[].class);
    for (byte[] seed : FuzzSeeds.all().get(parser)) target.invoke(null, (Object) seed);
    target.invoke(null, (Object) new byte[0]);
  }

  /** Reads one data set. */
  static void read(Format format, Map<String, byte[]> files, Stated stated) {
    try (var data = new MemoryDataSet(FOLDER, files)) {
      format.read(data, stated, new CheckingSink(data));
    } catch (Refusal expected) {
      // the only way to say no
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sink that only compares places with their files. */
  static Sink checking(MemoryDataSet data) {
    return new CheckingSink(data);
  }

  /** The two files of one input. */
  static byte[][] parts(byte[] input) {
    if (input.length < Short.BYTES) return new byte[][] {input, {}};
    int length =
        Short.toUnsignedInt(ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getShort());
    int end = Math.min(input.length, Short.BYTES + length);
    return new byte[][] {
      Arrays.copyOfRange(input, Short.BYTES, end), Arrays.copyOfRange(input, end, input.length)
    };
  }

  /** The input whose {@link #parts} these are. */
  static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(Short.BYTES + first.length + second.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) first.length)
        .put(first)
        .put(second)
        .array();
  }

  private static Map<String, byte[]> two(byte[] input, String first, String second) {
    byte[][] parts = parts(input);
    var files = new LinkedHashMap<String, byte[]>();
    files.put(first, parts[0]);
    files.put(second, parts[1]);
    return files;
  }

  /** {@code .idx}, then {@code .bin}. */
  public static final class MegatronPairs {

    public static void fuzzerInitialize() throws Exception {
      warm("MegatronPairs");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new Megatron(), two(input, "x.idx", "x.bin"), STATED);
    }
  }

  public static final class LlmCShards {

    public static void fuzzerInitialize() throws Exception {
      warm("LlmCShards");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new LlmC(), Map.of("x_000001.bin", input), Stated.NOTHING);
    }
  }

  public static final class NumpyArrays {

    public static void fuzzerInitialize() throws Exception {
      warm("NumpyArrays");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new RawTokens(), Map.of("x.npy", input), STATED);
    }
  }

  /** The lines of {@code .csv.gz}, then the tokens. */
  public static final class OlmoIndices {

    public static void fuzzerInitialize() throws Exception {
      warm("OlmoIndices");
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
      Map<String, byte[]> files = two(input, "x.csv.gz", "x.npy");
      var gzip = new ByteArrayOutputStream();
      try (var out = new GZIPOutputStream(gzip)) {
        out.write(files.get("x.csv.gz"));
      }
      files.put("x.csv.gz", gzip.toByteArray());
      read(new RawTokens(), files, STATED);
    }
  }

  /** The ends, then {@code .metadata}; the tokens are zeros. */
  public static final class DatatroveIndices {

    public static void fuzzerInitialize() throws Exception {
      warm("DatatroveIndices");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      Map<String, byte[]> files = two(input, "x.ds.index", "x.ds.metadata");
      files.put("x.ds", new byte[4096]);
      read(new Datatrove(), files, Stated.NOTHING);
    }
  }

  /** {@code index.json}, then a chunk. */
  public static final class LitDataChunks {

    public static void fuzzerInitialize() throws Exception {
      warm("LitDataChunks");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new LitData(), two(input, "index.json", "chunk-0-0.bin"), STATED);
    }
  }

  /** {@code index.json}, then a shard. */
  public static final class MdsShards {

    public static void fuzzerInitialize() throws Exception {
      warm("MdsShards");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new Mds(), two(input, "index.json", "shard.00000.mds"), STATED);
    }
  }

  public static final class ArrowStreams {

    public static void fuzzerInitialize() throws Exception {
      warm("ArrowStreams");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new Columnar(), Map.of("x.arrow", input), STATED);
    }
  }

  public static final class ParquetFiles {

    public static void fuzzerInitialize() throws Exception {
      warm("ParquetFiles");
    }

    public static void fuzzerTestOneInput(byte[] input) {
      read(new Columnar(), Map.of("x.parquet", input), STATED);
    }
  }

  public static final class ParquetLabelFiles {

    public static void fuzzerInitialize() throws Exception {
      warm("ParquetLabelFiles");
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
      Path file = Files.write(FOLDER.resolve("labels"), input);
      try {
        new MetadataColumns(file, "id").read((_, _, _) -> {});
      } catch (Refusal expected) {
        // the only way to say no
      }
    }
  }

  /** The codec's number, then a compressed file. */
  public static final class CompressedFiles {

    public static void fuzzerInitialize() throws Exception {
      warm("CompressedFiles");
    }

    private static final int PLAIN_BYTES = 4_822; // that of the seeds

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
      if (input.length == 0) return;
      Compression[] all = Compression.values();
      Path from = FOLDER.resolve("compressed");
      Path to = FOLDER.resolve("plain");
      Files.write(from, Arrays.copyOfRange(input, 1, input.length));
      try {
        all[Byte.toUnsignedInt(input[0]) % all.length].expand(from, to, PLAIN_BYTES);
      } catch (Refusal expected) {
        if (Files.exists(to) && Files.size(to) > PLAIN_BYTES)
          throw new IllegalStateException("wrote " + Files.size(to) + " bytes");
      }
    }
  }

  /** What documents may be. */
  private static final class CheckingSink implements Sink {
    private final MemoryDataSet data;
    private @Nullable TokenFile file;
    private long sizeBytes;

    CheckingSink(MemoryDataSet data) {
      this.data = data;
    }

    @Override
    public void file(TokenFile begun) throws IOException {
      file = begun;
      sizeBytes = Files.size(data.local(begun.file()));
    }

    @Override
    public void documentAt(long atByte, long lengthTokens, @Nullable String id, Metadata metadata) {
      if (file == null) throw new IllegalStateException("a document before its file");
      int width = file.type().sizeBytes();
      if (file.compression() == null
          && (atByte < 0
              || lengthTokens < 0
              || atByte > sizeBytes
              || lengthTokens > (sizeBytes - atByte) / width))
        throw new IllegalStateException(
            "%d tokens at byte %d of %d".formatted(lengthTokens, atByte, sizeBytes));
    }

    @Override
    public void origin(String begun) {
      file = null;
    }

    @Override
    public void document(int[] tokens, @Nullable String id, Metadata metadata) {}

    @Override
    public void text(String text, @Nullable String id, Metadata metadata) {}

    @Override
    public void absent() {}

    @Override
    public void warn(String what) {}
  }
}
