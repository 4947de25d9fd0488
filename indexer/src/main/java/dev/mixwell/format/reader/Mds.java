package dev.mixwell.format.reader;

import dev.mixwell.compress.Compression;
import dev.mixwell.format.DataSet;
import dev.mixwell.format.Faults;
import dev.mixwell.format.Folders;
import dev.mixwell.format.Format;
import dev.mixwell.format.Hashes;
import dev.mixwell.format.JsonIndex;
import dev.mixwell.format.Mapping;
import dev.mixwell.format.Sink;
import dev.mixwell.format.Stated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * MosaicML's shards (streaming/base/format/mds), listed by {@code index.json}: a document is a
 * sample's column of tokens, or of text. Shards lie there as they are or compressed; of both, the
 * plain one is read.
 */
final class Mds implements Format {
  private static final String FORMAT = "mds";
  private static final int VERSION = 2;

  record Index(int version, @Nullable List<Entry> shards) {}

  record Entry(
      @Nullable String format,
      int version,
      @Nullable List<String> columnNames,
      @Nullable List<String> columnEncodings,
      @Nullable List<@Nullable Integer> columnSizes,
      @Nullable String compression,
      @Nullable Listed rawData,
      @Nullable Listed zipData,
      long samples) {}

  /** A file of a shard. */
  record Listed(@Nullable String basename, long bytes, @Nullable Map<String, String> hashes) {}

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public void read(DataSet data, Stated stated, Sink sink) throws IOException {
    String folder = Folders.withIndex(data, stated.split());
    String name = folder + JsonIndex.FILE;
    Index index = JsonIndex.read(name, data.local(name), Index.class);
    if (index.version != VERSION || index.shards == null)
      throw Faults.unsupported(
          name, "its version is %d; version 2 with shards is known".formatted(index.version));
    for (Entry shard : index.shards) {
      if (shard == null) throw Faults.damaged(name, "a shard of it is null");
      read(data, folder, name, shard, stated, sink);
    }
  }

  private static void read(
      DataSet data, String folder, String index, Entry shard, Stated stated, Sink sink)
      throws IOException {
    if (!FORMAT.equals(shard.format) || shard.version != VERSION)
      throw Faults.unsupported(
          index,
          "a shard of it is \"%s\" of version %d; mds of version 2 is known"
              .formatted(shard.format, shard.version));
    MdsColumns columns = MdsColumns.of(index, shard, stated);
    Listed raw = shard.rawData;
    if (raw == null || raw.basename == null)
      throw Faults.damaged(index, "a shard of it has no raw_data with a basename");
    boolean isPlain = shard.zipData == null || data.has(folder + raw.basename);
    Compression compression = isPlain ? null : compression(index, shard.compression);
    Listed stored = isPlain || shard.zipData == null ? raw : shard.zipData;
    if (stored.basename == null) throw Faults.damaged(index, "a shard of it has no basename");
    String file = folder + stored.basename;
    Path local = data.local(file);
    if (Files.size(local) != stored.bytes)
      throw Faults.damaged(
          file, "it has %,d bytes, its index says %,d".formatted(Files.size(local), stored.bytes));
    Hashes.check(file, local, stored.hashes, sink);
    OffsetTable.requireLength(file, raw.bytes);
    Path plain = data.plain(file, compression, raw.bytes);
    if (compression != null) Hashes.check(file + ", decompressed", plain, raw.hashes, sink);
    try (var bytes = Mapping.of(file, plain)) {
      new MdsShard(file, bytes, shard.samples, columns).tell(compression, sink);
    }
  }

  private static Compression compression(String index, @Nullable String name) {
    String codec = name == null ? "none" : name.split(":", 2)[0];
    return switch (codec) {
      case "zstd" -> Compression.ZSTD;
      case "gz" -> Compression.GZIP;
      case "br" -> Compression.BROTLI;
      case "bz2" -> Compression.BZIP2;
      case "snappy" -> Compression.SNAPPY;
      default ->
          throw Faults.unsupported(
              index,
              "a shard of it is compressed by \"%s\"; known are zstd, gz, br, bz2 and snappy"
                  .formatted(name));
    };
  }
}
