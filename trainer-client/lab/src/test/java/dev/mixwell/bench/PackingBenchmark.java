package dev.mixwell.bench;

import dev.mixwell.group.GroupResolver;
import dev.mixwell.group.GroupRows;
import dev.mixwell.opened.Dataset;
import dev.mixwell.pack.BatchFacts;
import dev.mixwell.pack.BatchPacker;
import dev.mixwell.pack.BodyFormat;
import dev.mixwell.proofs.Corpus;
import dev.mixwell.store.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Packing: 8 rows of 7 groups, in an order without locality, from mapped shards of 14 M tokens in
 * the page cache. What {@code SAFETENSORS} takes beyond {@code OCTET_STREAM} is the encoding: its
 * header, the groups and the document boundaries.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PackingBenchmark {
  private static final int GROUPS = 7;
  private static final int ROWS = 8;
  private static final int DOCUMENTS = 1_000;
  private static final int MEAN_LETTERS = 2_000;

  @Param({"2048", "4096"})
  int rowTokens = 2_048;

  @Param({"OCTET_STREAM", "SAFETENSORS"})
  BodyFormat format = BodyFormat.OCTET_STREAM;

  private final List<String> names = new ArrayList<>();
  private final int[] places = new int[ROWS];
  private final long[] positions = new long[ROWS];
  private @Nullable Path folder;
  private @Nullable Dataset dataset;
  private @Nullable BatchPacker packer;
  private long step;

  @Setup
  public void index() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("mixwell-packing");
    var fields = new ArrayList<String>();
    for (int i = 0; i < GROUPS; i++) fields.add("\"tag\": \"g%d\"".formatted(i));
    dataset =
        Dataset.open(
            Corpus.write(folder, fields, DOCUMENTS, MEAN_LETTERS), ShardStore.ofPlainFiles());
    var resolver = new GroupResolver(dataset);
    var groups = new ArrayList<GroupRows>();
    for (int i = 0; i < GROUPS; i++) {
      names.add("g" + i);
      groups.add(new GroupRows(resolver.resolve("g" + i, "tag:g" + i, 0), i, 1, rowTokens));
    }
    packer = new BatchPacker(dataset, groups);
    for (int row = 0; row < ROWS; row++) places[row] = row % GROUPS;
  }

  @Benchmark
  public int body() {
    for (int row = 0; row < ROWS; row++) positions[row] = step * ROWS + row;
    var facts = new BatchFacts("run", 0, step++, 0, names, "static", null, null);
    if (packer == null) throw new IllegalStateException();
    try (var body = packer.pack(places, positions, facts, format)) {
      return body.array()[body.offset()] + body.length();
    }
  }

  @TearDown
  public void delete() throws IOException {
    if (dataset != null) dataset.close();
    if (folder == null) return;
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
