package dev.mixwell.format.reader;

import dev.mixwell.shard.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * The samples as inputs of {@link Fuzzed}; a program that writes them into folders, one a parser.
 */
public final class FuzzSeeds {
  private static final int MAX_BYTES = 1 << 16;

  private FuzzSeeds() {}

  /** Without arguments it prints the parsers' names; else PARSER FOLDER. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      all().keySet().forEach(System.out::println);
      return;
    }
    Path folder = Path.of(arguments[1]);
    Files.createDirectories(folder);
    int number = 0;
    for (byte[] seed : all().get(arguments[0]))
      Files.write(folder.resolve("seed-" + number++), seed);
  }

  /** By the names of the classes that take them. */
  static Map<String, List<byte[]>> all() throws IOException {
    var seeds = new TreeMap<String, List<byte[]>>();
    seeds.put("MegatronPairs", pairs(".idx", ".bin", "megatron"));
    seeds.put("LlmCShards", files(".bin", "llmc"));
    seeds.put("NumpyArrays", files(".npy", "numpy"));
    seeds.put("OlmoIndices", indices());
    seeds.put("DatatroveIndices", pairs(".ds.index", ".ds.metadata", "datatrove"));
    seeds.put("LitDataChunks", pairs("index.json", "chunk-0-0.bin", "litdata"));
    seeds.put("MdsShards", pairs("index.json", "shard.00000.mds", "mds"));
    seeds.put("ArrowStreams", files(".arrow", "arrow"));
    seeds.put("ParquetFiles", files(".parquet", "parquet"));
    seeds.put("ParquetLabelFiles", labels());
    seeds.put("CompressedFiles", compressed());
    return seeds;
  }

  private static List<Path> below(String format) throws IOException {
    try (var tree = Files.walk(Samples.folder(format))) {
      return tree.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<byte[]> files(String ending, String format) throws IOException {
    var seeds = new ArrayList<byte[]>();
    for (Path file : below(format))
      if (file.toString().endsWith(ending) && Files.size(file) < MAX_BYTES)
        seeds.add(Files.readAllBytes(file));
    return seeds;
  }

  private static List<byte[]> labels() throws IOException {
    var seeds = new ArrayList<>(files(".parquet", "metadata"));
    seeds.addAll(files(".parquet", "parquet/text_metadata"));
    return seeds;
  }

  /** Files that end so, each with the one beside it that has the other ending. */
  private static List<byte[]> pairs(String first, String second, String format) throws IOException {
    var seeds = new ArrayList<byte[]>();
    for (Path file : below(format)) {
      String name = file.getFileName().toString();
      if (!name.endsWith(first)) continue;
      String other = name.substring(0, name.length() - first.length()) + second;
      Path beside = file.resolveSibling(other);
      if (Files.exists(beside) && Files.size(file) < MAX_BYTES && Files.size(beside) < MAX_BYTES)
        seeds.add(Fuzzed.joined(Files.readAllBytes(file), Files.readAllBytes(beside)));
    }
    return seeds;
  }

  private static List<byte[]> indices() throws IOException {
    var seeds = new ArrayList<byte[]>();
    for (Path file : below("dolma")) {
      if (!file.toString().endsWith(".csv.gz")) continue;
      Path tokens = file.resolveSibling(file.getFileName().toString().replace(".csv.gz", ".npy"));
      try (var in = new GZIPInputStream(Files.newInputStream(file))) {
        seeds.add(Fuzzed.joined(in.readAllBytes(), Files.readAllBytes(tokens)));
      }
    }
    return seeds;
  }

  private static List<byte[]> compressed() throws IOException {
    var seeds = new ArrayList<byte[]>();
    String[] endings = {".gz", ".zstd", ".br", ".bz2", ".snappy"};
    for (Path file : below("mds"))
      for (int codec = 0; codec < endings.length; codec++)
        if (file.toString().endsWith(endings[codec])) {
          var seed = new ByteArrayOutputStream();
          seed.write(codec);
          seed.write(Files.readAllBytes(file));
          seeds.add(seed.toByteArray());
        }
    return seeds;
  }
}
