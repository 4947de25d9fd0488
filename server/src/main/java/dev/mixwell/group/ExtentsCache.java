package dev.mixwell.group;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.base.Sha256;
import dev.mixwell.opened.Dataset;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What queries resolved to, kept for the next run that asks the same of the same index. A folder
 * that may be deleted while no server runs: a run has copies of its own. What is damaged is
 * resolved again. Owned by one thread at a time.
 *
 * <pre>
 * MANIFEST/KEY.train.extents, MANIFEST/KEY.held-out.extents
 * </pre>
 *
 * MANIFEST is the digest of a generation's manifest; folders of none are removed. KEY is the
 * SHA-256 of the rule of resolution, the share held out and the query. An entry is there once its
 * second file is; the oldest by use go when all have more than {@value #MAX_BYTES} bytes.
 */
public final class ExtentsCache {
  private static final Logger LOG = System.getLogger(ExtentsCache.class.getName());
  static final long MAX_BYTES = 4L << 30;

  /** Changes when a query would be resolved otherwise; with 1, AND and OR had no precedence. */
  private static final String RULE = "2";

  private static final String TRAINING = ".train.extents";
  private static final String HELD_OUT = ".held-out.extents";

  private final Path parent;

  /**
   * @param parent made if it is missing
   * @param manifests digests of those whose extents are kept
   * @throws Refusal storage-failed
   */
  public ExtentsCache(Path parent, Set<String> manifests) {
    this.parent = parent;
    try {
      Files.createDirectories(parent);
      for (Path folder : list(parent))
        if (!manifests.contains(String.valueOf(folder.getFileName()))) remove(folder);
      for (Path file : files())
        if (!file.toString().endsWith(TRAINING) && !file.toString().endsWith(HELD_OUT))
          Files.delete(file); // of a write that a crash ended
      trim();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Resolves a group, or finds what it resolved to.
   *
   * @throws Refusal invalid-query, storage-failed
   */
  public ResolvedGroup resolve(Dataset dataset, String name, String query, double validationShare) {
    Path training = path(dataset, query, validationShare, TRAINING);
    Path heldOut = path(dataset, query, validationShare, HELD_OUT);
    if (Files.exists(training)) {
      try {
        var group =
            new ResolvedGroup(name, query, ExtentsFile.read(training), ExtentsFile.read(heldOut));
        group.training().verify();
        group.heldOut().verify();
        touch(training, heldOut);
        return group;
      } catch (Refusal damaged) {
        if (damaged.type() != ProblemType.EXTENTS_DAMAGED) throw damaged;
        LOG.log(Level.WARNING, "{0} It lay in the cache, and is made again.", damaged.detail());
        drop(training, heldOut);
      }
    }
    makeFolder(dataset);
    try (var second = ExtentsWriter.into(training);
        var first = ExtentsWriter.into(heldOut)) {
      return new GroupResolver(dataset).resolve(name, query, validationShare, second, first);
    }
  }

  /**
   * Copies the files of a group that was resolved here. Not linked: damage to one run's file would
   * be damage to all. The copies are forced, their folder is not.
   *
   * @throws Refusal storage-failed
   */
  public void copy(
      Dataset dataset, ResolvedGroup group, double validationShare, Path training, Path heldOut) {
    ExtentsFile.copy(path(dataset, group.query(), validationShare, TRAINING), training);
    ExtentsFile.copy(path(dataset, group.query(), validationShare, HELD_OUT), heldOut);
  }

  private void makeFolder(Dataset dataset) {
    try {
      Files.createDirectories(parent.resolve(dataset.sha256()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path path(Dataset dataset, String query, double validationShare, String suffix) {
    String key = String.join("\n", RULE, Double.toHexString(validationShare), query);
    return parent
        .resolve(dataset.sha256())
        .resolve(Sha256.of(key.getBytes(StandardCharsets.UTF_8)) + suffix);
  }

  /** Removes the oldest entries above the limit. */
  public void trim() {
    trim(MAX_BYTES);
  }

  void trim(long maxBytes) {
    try {
      List<Path> oldestFirst = new ArrayList<>(files());
      oldestFirst.sort(Comparator.comparing(ExtentsCache::used).thenComparing(Path::compareTo));
      long bytes = 0;
      for (Path file : oldestFirst) bytes += Files.size(file);
      for (Path file : oldestFirst) {
        if (bytes <= maxBytes) return;
        bytes -= Files.size(file);
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void touch(Path... files) {
    try {
      // Decides no byte: it says which file of the cache is forgotten first.
      for (Path file : files) Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void drop(Path... files) {
    try {
      for (Path file : files) Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static FileTime used(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (Path folder : list(parent)) files.addAll(list(folder));
    return files;
  }

  private static void remove(Path other) throws IOException {
    if (Files.isDirectory(other)) for (Path file : list(other)) Files.delete(file);
    Files.delete(other);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Refusal failed(IOException e) {
    return new Refusal(
            ProblemType.STORAGE_FAILED,
            "The cache of extents %s cannot be used: %s. Free space or mend the disk, then try again."
                .formatted(parent, IoReason.of(e)))
        .with("file", parent.toString());
  }
}
