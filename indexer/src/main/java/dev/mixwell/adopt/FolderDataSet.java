package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A data set in a folder here: all of the folder, or one file with those that belong to it. */
final class FolderDataSet implements FoundData {
  /** Endings that a file's companions have in place of its own. */
  private static final List<String> COMPANIONS = List.of(".bin", ".idx", ".npy", ".csv.gz");

  private static final int MAX_DEPTH = 16;

  private final String name;
  private final Path root;
  private final List<String> files;
  private final PlainCopies copies;

  private FolderDataSet(String name, Path root, List<String> files, PlainCopies copies) {
    this.name = name;
    this.root = root;
    this.files = files;
    this.copies = copies;
  }

  /**
   * @param location a folder, a file, or a file's name without its ending
   * @throws Refusal bad-input where there is nothing
   */
  static FolderDataSet open(String location, PlainCopies copies) throws IOException {
    Path path = Path.of(location).toAbsolutePath().normalize();
    if (Files.isDirectory(path)) return new FolderDataSet(location, path, below(path), copies);
    Path parent = path.getParent();
    if (parent == null || !Files.isDirectory(parent)) throw missing(location);
    String file = path.getFileName().toString();
    List<String> found = companions(parent, file);
    if (found.isEmpty()) throw missing(location);
    return new FolderDataSet(location, parent, found, copies);
  }

  private static List<String> below(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder, MAX_DEPTH)) {
      return tree.filter(Files::isRegularFile)
          .map(f -> folder.relativize(f).toString())
          .filter(f -> !f.startsWith(".") && !f.contains("/."))
          .sorted()
          .toList();
    }
  }

  private static List<String> companions(Path folder, String file) throws IOException {
    String stem = Files.exists(folder.resolve(file)) ? stem(file) : file;
    try (Stream<Path> beside = Files.list(folder)) {
      return beside
          .filter(Files::isRegularFile)
          .map(f -> f.getFileName().toString())
          .filter(f -> isCompanion(f, file, stem))
          .sorted()
          .toList();
    }
  }

  /** Whether a file belongs to another one, whose name without its ending is the stem. */
  static boolean isCompanion(String beside, String file, String stem) {
    return beside.equals(file)
        || beside.startsWith(file + ".")
        || COMPANIONS.stream().anyMatch(ending -> beside.equals(stem + ending));
  }

  /** A file's name without the ending that its companions have another one for. */
  static String stem(String file) {
    for (String ending : COMPANIONS)
      if (file.endsWith(ending)) return file.substring(0, file.length() - ending.length());
    return file;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> files() {
    return files;
  }

  @Override
  public Path local(String file) {
    Path path = resolve(file);
    if (!Files.isRegularFile(path))
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "The file %s is missing; %s names it. Restore it.".formatted(path, name))
          .with("shard", path.toString());
    return path;
  }

  @Override
  public Path plain(String file, @Nullable Compression compression, long plainBytes)
      throws IOException {
    Path stored = local(file);
    return compression == null ? stored : copies.plain(stored, compression, plainBytes);
  }

  @Override
  public long sizeBytes(String file) throws IOException {
    return Files.size(local(file));
  }

  @Override
  public Path plainCopy(Path stored) {
    return copies.known(stored);
  }

  /** Nothing of it was made here. */
  @Override
  public void close() {}

  @Override
  public boolean has(String file) {
    return Files.isRegularFile(resolve(file));
  }

  private Path resolve(String file) {
    try {
      Path path = root.resolve(file).normalize();
      if (!file.isEmpty() && path.startsWith(root) && !path.equals(root)) return path;
    } catch (InvalidPathException e) {
      // refused below
    }
    throw new Refusal(
        ProblemType.BAD_INPUT,
        "%s names the file \"%s\", which is not below its folder %s; it is not opened."
            .formatted(name, file, root));
  }

  private static Refusal missing(String location) {
    return new Refusal(
        ProblemType.BAD_INPUT,
        "%s: there is no such file or folder. Check the path.".formatted(location));
  }
}
