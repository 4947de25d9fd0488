package dev.mixwell.format.reader;

import dev.mixwell.compress.Compression;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Folders;
import dev.mixwell.format.Format;
import dev.mixwell.format.JsonIndex;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Stated;
import dev.mixwell.format.TokenFile;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.TokenType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of LitData's TokensLoader (litdata/streaming/writer.py, item_loader.py), listed by {@code
 * index.json}. A chunk holds n items, a document's tokens each:
 *
 * <pre>
 * offset       size  what (little-endian)
 * 0            4     n
 * 4            4     offset of each item, and of the end; the first is 4 + 4 (n + 1)
 * 4 + 4 (n+1)        items, back to back
 * </pre>
 *
 * A compressed chunk is one zstd frame.
 */
final class LitData implements Format {
  private static final String TENSOR = "no_header_tensor:";
  private static final String ARRAY = "no_header_numpy:";

  /** Their places in litdata's table of types of torch; the others are no integers. */
  private static final @Nullable TokenType[] TENSOR_TYPES = {
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    TokenType.UINT8,
    TokenType.INT8,
    TokenType.INT16,
    TokenType.INT16,
    TokenType.INT32,
    TokenType.INT32,
    TokenType.INT64,
    TokenType.INT64,
    null,
    TokenType.UINT16
  };

  /** And in its table of types of NumPy. */
  private static final @Nullable TokenType[] ARRAY_TYPES = {
    TokenType.INT8, TokenType.INT16, TokenType.INT32, TokenType.INT64,
    TokenType.UINT8, TokenType.UINT16, TokenType.UINT32, TokenType.UINT64
  };

  record Index(@Nullable List<Chunk> chunks, @Nullable Config config) {}

  record Chunk(long chunkBytes, long chunkSize, @Nullable Long dim, @Nullable String filename) {}

  record Config(
      @Nullable String compression,
      @Nullable List<String> dataFormat,
      @Nullable Object encryption) {}

  @Override
  public String name() {
    return "litdata";
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    String name = Folders.withIndex(data, stated.split()) + JsonIndex.FILE;
    String folder = name.substring(0, name.length() - JsonIndex.FILE.length());
    Index index = JsonIndex.read(name, data.local(name), Index.class);
    if (index.chunks == null || index.config == null)
      throw Faults.damaged(name, "it lacks its chunks or its config");
    TokenType type = type(name, index.config);
    Compression compression = compression(name, index.config);
    for (Chunk chunk : index.chunks) {
      if (chunk == null || chunk.filename == null)
        throw Faults.damaged(name, "a chunk of it has no filename");
      read(data, folder + chunk.filename, chunk, type, compression, sink);
    }
  }

  private static void read(
      DataSet data,
      String file,
      Chunk chunk,
      TokenType type,
      @Nullable Compression compression,
      Sink sink)
      throws IOException {
    if (compression == null && Files.size(data.local(file)) != chunk.chunkBytes)
      throw Faults.damaged(
          file,
          "it has %,d bytes, its index says %,d"
              .formatted(Files.size(data.local(file)), chunk.chunkBytes));
    OffsetTable.requireLength(file, chunk.chunkBytes);
    Path plain = data.plain(file, compression, chunk.chunkBytes);
    try (var bytes = Mapping.of(file, plain)) {
      var items = new OffsetTable(file, bytes, chunk.chunkSize);
      long tokens = (bytes.sizeBytes() - items.first()) / type.sizeBytes();
      if (chunk.dim != null && chunk.dim != tokens)
        throw Faults.damaged(
            file, "it has %,d tokens, its index says %,d".formatted(tokens, chunk.dim));
      if (items.first() != items.headBytes())
        throw Faults.damaged(file, "its first item begins at byte %,d".formatted(items.first()));
      sink.file(new TokenFile(file, compression, type, null, false));
      for (long i = 0; i < items.count(); i++) {
        long length = items.end(i) - items.start(i);
        if (length % type.sizeBytes() != 0)
          throw Faults.damaged(
              file,
              "item %,d has %,d bytes, no whole number of tokens of %d bytes"
                  .formatted(i, length, type.sizeBytes()));
        sink.documentAt(items.start(i), length / type.sizeBytes(), null, Metadata.NONE);
      }
    }
  }

  private static TokenType type(String name, Config config) {
    List<String> formats = config.dataFormat;
    if (formats == null || formats.size() != 1 || formats.getFirst() == null)
      throw Faults.unsupported(
          name, "an item of it is not one run of tokens; its data format is " + formats);
    String format = formats.getFirst();
    TokenType type = null;
    if (format.startsWith(TENSOR)) type = typeAt(TENSOR_TYPES, format.substring(TENSOR.length()));
    if (format.startsWith(ARRAY)) type = typeAt(ARRAY_TYPES, format.substring(ARRAY.length()));
    if (type == null)
      throw Faults.unsupported(
          name,
          "its data format is \"%s\"; served are integers written by TokensLoader, %s and %s with their codes"
              .formatted(format, TENSOR, ARRAY));
    return type;
  }

  private static @Nullable TokenType typeAt(@Nullable TokenType[] types, String code) {
    try {
      int at = Integer.parseInt(code);
      return at >= 0 && at < types.length ? types[at] : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Compression compression(String name, Config config) {
    if (config.encryption != null) throw Faults.unsupported(name, "its chunks are encrypted");
    String compression = config.compression;
    if (compression == null) return null;
    if (compression.equals("zstd") || compression.startsWith("zstd:")) return Compression.ZSTD;
    throw Faults.unsupported(
        name, "its compression is \"%s\"; zstd is known".formatted(compression));
  }
}
