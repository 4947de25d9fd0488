package dev.mixwell.bench;

import dev.mixwell.manifest.Manifest;
import dev.mixwell.proofs.Corpus;
import dev.mixwell.shard.Shard;
import dev.mixwell.shard.TokenType;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What comparing with checksums costs a row: all rows of 2,049 16-bit tokens of a mapped shard in
 * the page cache, one after the other, from a shard just opened (every block is compared once) and
 * from one that was read before; and the length, which is asked for at every pull.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 20)
@Measurement(iterations = 50)
public class ChecksumBenchmark {
  private static final int ROWS = 2_000;
  private static final int ROW_TOKENS = 2_049;
  private static final int DOCUMENTS = 2_100;
  private static final int MEAN_LETTERS = 2_000;

  @Param({"false", "true"})
  boolean readBefore;

  private final byte[] row = new byte[ROW_TOKENS * Short.BYTES];
  private @Nullable Path folder;
  private @Nullable ShardStore store;
  private @Nullable Shard shard;

  @Setup
  public void index() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("mixwell-checksums");
    Corpus.write(folder, List.of("\"tag\": \"g\""), DOCUMENTS, MEAN_LETTERS);
    store = ShardStore.ofPlainFiles();
  }

  @Setup(Level.Invocation)
  public void open() throws IOException {
    if (folder == null || store == null) throw new IllegalStateException();
    Path index = folder.resolve("index");
    shard = store.open(index, Manifest.read(index).shards().getFirst());
    if (readBefore) rows();
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public int rows() {
    if (shard == null) throw new IllegalStateException();
    int sum = 0;
    for (long r = 0; r < ROWS; r++) {
      shard.copy(r * ROW_TOKENS, ROW_TOKENS, TokenType.UINT16, row, 0);
      sum += row[0];
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public void length() {
    if (shard == null) throw new IllegalStateException();
    for (int r = 0; r < ROWS; r++) shard.checkLength();
  }

  @TearDown(Level.Invocation)
  public void close() {
    if (shard != null) shard.close();
  }

  @TearDown
  public void delete() throws IOException {
    if (store != null) store.close();
    if (folder == null) return;
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
