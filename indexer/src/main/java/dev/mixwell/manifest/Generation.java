package dev.mixwell.manifest;

import dev.mixwell.base.IoReason;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A state of an index: its manifest, its catalog and the shards that came with it. What is added,
 * removed or tagged makes the next one; none ever changes.
 *
 * <pre>
 * DIR/                       generation 1
 * DIR/generations/00002/     the next: manifest.json, keys.json, catalog/, the shards it added
 * </pre>
 *
 * All paths in a manifest are relative to DIR, so that generations share the shards that they have
 * in common.
 *
 * @param root the index's directory
 * @param folder where this generation's own files lie
 * @param number from 1
 */
public record Generation(Path root, Path folder, int number) {
  static final String DIRECTORY = "generations";

  private static final int MAX_NUMBER = 99_999;
  private static final Pattern NAME = Pattern.compile("[0-9]{5}");

  /** The newest one, which is the first where nothing was changed. */
  public static Generation newest(Path root) {
    return all(root).getLast();
  }

  /** Those that there are, the oldest first. */
  public static List<Generation> all(Path root) {
    var all = new ArrayList<Generation>();
    all.add(new Generation(root, root, 1));
    Path parent = root.resolve(DIRECTORY);
    if (!Files.isDirectory(parent)) return all;
    try (var folders = Files.list(parent)) {
      for (Path folder : folders.sorted().toList()) {
        String name = String.valueOf(folder.getFileName());
        if (NAME.matcher(name).matches())
          all.add(new Generation(root, folder, Integer.parseInt(name)));
      }
    } catch (IOException e) {
      throw Manifest.damaged(parent, "it cannot be read (" + IoReason.of(e) + ")");
    }
    return all;
  }

  /**
   * The one of this number.
   *
   * @throws Refusal not-found, naming those that there are
   */
  public static Generation numbered(Path root, int number) {
    List<Generation> all = all(root);
    for (Generation generation : all) if (generation.number == number) return generation;
    throw new Refusal(
        ProblemType.NOT_FOUND,
        "%s has no generation %d; its newest is %d. `mixwell index generations %s` lists them."
            .formatted(root, number, all.getLast().number, root));
  }

  /** The one with this manifest; null if there is none. */
  public static @Nullable Generation of(Path root, String manifestSha256) {
    for (Generation generation : all(root))
      if (generation.manifestSha256().equals(manifestSha256)) return generation;
    return null;
  }

  /**
   * The digest of its manifest as the file beside it says: {@link Manifest#read} compares them.
   * Empty where there is none.
   */
  public String manifestSha256() {
    Path digest = folder.resolve(Manifest.DIGEST_FILE);
    try {
      if (!Files.exists(digest)) return "";
      return Files.readString(digest, StandardCharsets.ISO_8859_1).split(" ", 2)[0];
    } catch (IOException e) {
      throw Manifest.damaged(digest, "it cannot be read (" + IoReason.of(e) + ")");
    }
  }

  /**
   * The one that would come after it; not there yet.
   *
   * @throws Refusal bad-input if there is no number left
   */
  public Generation next() {
    if (number == MAX_NUMBER)
      throw new Refusal(
          ProblemType.BAD_INPUT,
          "%s has %,d generations, which is its limit. Index its source again."
              .formatted(root, MAX_NUMBER));
    Path folder = root.resolve(DIRECTORY).resolve("%05d".formatted(number + 1));
    return new Generation(root, folder, number + 1);
  }

  /** What the names of this generation's files begin with in the manifest. */
  public String prefix() {
    return number == 1 ? "" : DIRECTORY + "/" + folder.getFileName() + "/";
  }
}
