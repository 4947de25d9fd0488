package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import dev.mixwell.objects.ObjectName;
import dev.mixwell.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A data set in an object store: all objects under a prefix, or one with those that belong to it.
 * They are listed once and copied here, each once, when they are read; copies go, those used
 * longest ago first, when they have more bytes than a bound. Owned by the thread that adopts.
 */
final class ObjectDataSet implements FoundData {
  /** A reader has a shard, its mask and an index open, and the one before is not recorded yet. */
  private static final int KEPT = 4;

  private final String name;
  private final ObjectName root;
  private final SortedMap<String, Long> sizes;
  private final Scratch scratch;
  private final Map<String, Path> copied = new LinkedHashMap<>(16, 0.75f, true); // by use
  private long copiedBytes;

  /**
   * Where copies are made.
   *
   * @param folder is there
   * @param maxBytes of copies; the last {@value #KEPT} are kept whatever they have
   */
  record Scratch(ObjectStore objects, Path folder, long maxBytes, PlainCopies copies) {}

  private ObjectDataSet(
      String name, ObjectName root, SortedMap<String, Long> sizes, Scratch scratch) {
    this.name = name;
    this.root = root;
    this.sizes = sizes;
    this.scratch = scratch;
  }

  /**
   * @param uri of an object, of a prefix that ends before a {@code /}, or of an object without its
   *     ending
   * @throws Refusal bad-input where there is nothing; shard-unreachable
   */
  static ObjectDataSet open(String uri, Scratch scratch) {
    ObjectName name = ObjectName.of(uri);
    String key = name.key().replaceAll("/+$", "");
    String folder = key.isEmpty() ? "" : key + "/";
    SortedMap<String, Long> below = below(scratch, name.withKey(folder));
    if (!below.isEmpty()) return new ObjectDataSet(uri, name.withKey(folder), below, scratch);
    int slash = key.lastIndexOf('/') + 1;
    String file = key.substring(slash);
    ObjectName parent = name.withKey(key.substring(0, slash));
    String stem = FolderDataSet.stem(file);
    var listed = scratch.objects.list(name.withKey(parent.key() + stem));
    String exact = listed.containsKey(key) ? stem : file;
    var found = new TreeMap<String, Long>();
    listed.forEach(
        (other, bytes) -> {
          String beside = other.substring(slash);
          if (beside.indexOf('/') < 0 && FolderDataSet.isCompanion(beside, file, exact))
            found.put(beside, bytes);
        });
    if (found.isEmpty())
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s: there is no such object or prefix. Check the name.".formatted(uri));
    return new ObjectDataSet(uri, parent, found, scratch);
  }

  private static SortedMap<String, Long> below(Scratch scratch, ObjectName folder) {
    var found = new TreeMap<String, Long>();
    scratch
        .objects
        .list(folder)
        .forEach(
            (key, bytes) -> {
              String file = key.substring(folder.key().length());
              boolean isHidden = file.startsWith(".") || file.contains("/.");
              if (!file.isEmpty() && !file.endsWith("/") && !isHidden) found.put(file, bytes);
            });
    return found;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> files() {
    return List.copyOf(sizes.keySet());
  }

  @Override
  public boolean has(String file) {
    return sizes.containsKey(file);
  }

  @Override
  public long sizeBytes(String file) {
    return sizes.getOrDefault(file, 0L);
  }

  @Override
  public Path local(String file) throws IOException {
    Path known = copied.get(file);
    if (known != null) return known;
    Long bytes = sizes.get(file);
    if (bytes == null)
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "The object %s is missing; %s names it. Restore it.".formatted(location(file), name))
          .with("shard", location(file));
    makeRoom(bytes);
    String last = file.substring(file.lastIndexOf('/') + 1);
    Path copy = Files.createTempFile(scratch.folder, "object-", "-" + last);
    copied.put(file, copy); // and goes with the others if this fails
    copiedBytes += bytes;
    scratch.objects.download(root.withKey(root.key() + file), bytes, copy);
    return copy;
  }

  private void makeRoom(long bytes) throws IOException {
    while (copied.size() >= KEPT && copiedBytes + bytes > scratch.maxBytes)
      remove(copied.keySet().iterator().next());
  }

  private void remove(String file) throws IOException {
    Path copy = copied.remove(file);
    if (copy != null) Files.deleteIfExists(copy);
    copiedBytes -= sizes.getOrDefault(file, 0L);
  }

  @Override
  public void close() throws IOException {
    while (!copied.isEmpty()) remove(copied.keySet().iterator().next());
  }

  @Override
  public Path plain(String file, @Nullable Compression compression, long plainBytes)
      throws IOException {
    Path stored = local(file);
    return compression == null ? stored : scratch.copies.plain(stored, compression, plainBytes);
  }

  @Override
  public Path plainCopy(Path stored) {
    return scratch.copies.known(stored);
  }

  /** As the manifest has it. */
  String location(String file) {
    return root.withKey(root.key() + file).toString();
  }
}
