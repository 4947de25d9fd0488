package dev.mixwell.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a checksum's block size costs: the first touch of a row in a shard nobody has read, and the
 * sidecar. A program, not a test; it needs a GiB of disk:
 *
 * <pre>
 * java -cp indexer/target/classes:indexer/target/test-classes:$CLASSPATH dev.mixwell.shard.BlockSizeMeasurement
 * </pre>
 */
public final class BlockSizeMeasurement {
  private static final int TOKENS = 1 << 29; // 1 GiB of 16-bit ids
  private static final int ROW_BYTES = 2 * 2049;
  private static final int ROUNDS = 5;

  private BlockSizeMeasurement() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("blocks");
    Path bin = directory.resolve("a.bin");
    try {
      writeShard(bin);
      System.out.println(
          "block KiB | first touch of a row us: p50 p99 | after 5,000 rows: p50 | sidecar KiB a GiB");
      for (int round = 0; round < ROUNDS; round++)
        for (int kib = 4; kib <= 1024; kib *= 2) measure(bin, kib << 10, round == ROUNDS - 1);
    } finally {
      Files.delete(bin);
      Files.delete(ShardWriter.indexPath(bin));
      Files.delete(ShardWriter.tablePath(bin));
      Files.delete(directory);
    }
  }

  private static void measure(Path bin, int blockBytes, boolean isLast) throws IOException {
    var checksums = BlockChecksums.compute(bin, blockBytes);
    var random = new SplittableRandom(1);
    var nanos = new long[10_000];
    try (var file = MappedFile.open(bin, checksums)) {
      long rows = file.sizeBytes() / ROW_BYTES;
      for (int i = 0; i < nanos.length; i++) {
        long fromByte = random.nextLong(rows) * ROW_BYTES;
        long before = System.nanoTime();
        file.verified(fromByte, fromByte + ROW_BYTES);
        nanos[i] = System.nanoTime() - before;
      }
    }
    long[] first = Arrays.copyOf(nanos, 500);
    long[] later = Arrays.copyOfRange(nanos, 5_000, nanos.length);
    Arrays.sort(first);
    Arrays.sort(later);
    if (isLast)
      System.out.printf(
          "%9d | %27.1f %6.1f | %21.1f | %17d%n",
          blockBytes >> 10,
          first[first.length / 2] / 1e3,
          first[first.length * 99 / 100] / 1e3,
          later[later.length / 2] / 1e3,
          checksums.blockCount() * 4L >> 10);
  }

  private static void writeShard(Path bin) throws IOException {
    var random = new SplittableRandom(0);
    int[] document = random.ints(1 << 20, 0, 65_000).toArray();
    try (var writer = new ShardWriter(bin, 65_000)) {
      while (writer.tokenCount() < TOKENS) writer.append(document);
      writer.finish();
    }
  }
}
