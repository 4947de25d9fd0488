package dev.mixwell.format.reader;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import dev.mixwell.format.DataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A few files that a test made up, written when they are asked for. */
final class MemoryDataSet implements DataSet, AutoCloseable {
  private final Path folder;
  private final Map<String, byte[]> files;

  MemoryDataSet(Path folder, Map<String, byte[]> files) {
    this.folder = folder;
    this.files = files;
  }

  @Override
  public String name() {
    return "a data set";
  }

  @Override
  public List<String> files() {
    return files.keySet().stream().sorted().toList();
  }

  @Override
  public Path local(String file) throws IOException {
    byte[] bytes = files.get(file);
    if (bytes == null)
      throw new Refusal(ProblemType.SHARD_DAMAGED, "The file " + file + " is missing.");
    Path path = folder.resolve(file);
    if (path.getParent() instanceof Path parent) Files.createDirectories(parent);
    if (!Files.exists(path)) Files.write(path, bytes);
    return path;
  }

  @Override
  public Path plain(String file, @Nullable Compression compression, long plainBytes)
      throws IOException {
    if (compression == null) return local(file);
    Path plain = folder.resolve("plain");
    compression.expand(local(file), plain, plainBytes);
    return plain;
  }

  @Override
  public boolean has(String file) {
    return files.containsKey(file);
  }

  @Override
  public void close() throws IOException {
    for (String file : files.keySet()) Files.deleteIfExists(folder.resolve(file));
    Files.deleteIfExists(folder.resolve("plain"));
  }
}
