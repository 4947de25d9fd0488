package dev.mixwell.trainer;

import ai.djl.ndarray.NDArray;
import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.Json;
import dev.mixwell.base.Sha256;
import dev.mixwell.trainer.model.TensorFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of checkpoints.
 *
 * <pre>
 *  step-120/checkpoint.json       a {@link Checkpoint}
 *  step-120/tensors.safetensors   parameters and both moments, float32
 *  .step-120.part/                one that is being written, or was when the power went
 * </pre>
 *
 * A checkpoint is there whole or not at all: files are forced to disk, then the directory gets its
 * name. Owned by the training thread; two trainers must not share a directory.
 */
final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})");
  private static final String HEADER = "checkpoint.json";
  private static final String TENSORS = "tensors.safetensors";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path directory;
  private final int keep;

  /**
   * @param keep newest checkpoints that stay; older ones are deleted once a new one is complete
   */
  Checkpoints(Path directory, int keep) throws IOException {
    this.directory = directory;
    this.keep = keep;
    Files.createDirectories(directory);
  }

  /** Complete checkpoints' directories, newest first. */
  List<Path> all() throws IOException {
    return all(directory);
  }

  private static List<Path> all(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(p -> NAME.matcher(p.getFileName().toString()).matches())
          .sorted(Comparator.comparingLong(Checkpoints::step).reversed())
          .toList();
    }
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("step-".length()));
  }

  /** The newest complete checkpoint; null if there is none. */
  @Nullable Checkpoint newest() throws IOException {
    List<Path> all = all();
    if (all.isEmpty()) return null;
    Checkpoint newest = header(all.getFirst());
    if (newest.step() != step(all.getFirst()))
      throw new IOException("checkpoint " + all.getFirst() + " was renamed");
    return newest;
  }

  /**
   * A checkpoint of somebody else's: the one in {@code path}, or the newest of those kept there.
   *
   * @throws IOException if there is none
   */
  static Path find(Path path) throws IOException {
    if (Files.exists(path.resolve(HEADER))) return path;
    List<Path> all = Files.isDirectory(path) ? all(path) : List.of();
    if (all.isEmpty())
      throw new IOException(
          path + " holds no checkpoint: name what a finished training had as --checkpoints");
    return all.getFirst();
  }

  /** What the checkpoint in a directory says about itself. */
  static Checkpoint header(Path checkpoint) throws IOException {
    Checkpoint header = Json.read(Files.readAllBytes(checkpoint.resolve(HEADER)), Checkpoint.class);
    if (header.version() != Checkpoint.VERSION)
      throw new IOException("checkpoint " + checkpoint + " is of another version");
    return header;
  }

  /**
   * Reads a checkpoint's arrays.
   *
   * @throws IOException if they differ from what was written: delete that directory to go on from
   *     the one before
   */
  void load(Checkpoint checkpoint, Map<String, NDArray> arrays) throws IOException {
    load(path(checkpoint), checkpoint, "", arrays);
  }

  /**
   * Reads those arrays of a checkpoint whose names begin with {@code prefix}; all of it is checked.
   */
  static void load(
      Path directory, Checkpoint checkpoint, String prefix, Map<String, NDArray> arrays)
      throws IOException {
    Path file = directory.resolve(TENSORS);
    MessageDigest sha256 = Sha256.digest();
    try (InputStream in = Files.newInputStream(file);
        var digesting = new DigestInputStream(new BufferedInputStream(in, BUFFER_BYTES), sha256)) {
      TensorFile.read(digesting, Files.size(file) - Long.BYTES, prefix, arrays);
      digesting.transferTo(OutputStream.nullOutputStream());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
    String digest = Sha256.hex(sha256.digest());
    if (!digest.equals(checkpoint.sha256()))
      throw new IOException(
          file
              + " is damaged: its SHA-256 is not the one in "
              + HEADER
              + "; delete the directory to use an older one");
  }

  void save(Checkpoint checkpoint, Map<String, NDArray> arrays) throws IOException {
    Path part = directory.resolve("." + path(checkpoint).getFileName() + ".part");
    delete(part);
    Files.createDirectory(part);
    MessageDigest sha256 = Sha256.digest();
    try (OutputStream out = Files.newOutputStream(part.resolve(TENSORS));
        var digesting =
            new DigestOutputStream(new BufferedOutputStream(out, BUFFER_BYTES), sha256)) {
      TensorFile.write(arrays, digesting);
    }
    Checkpoint complete = checkpoint.withSha256(Sha256.hex(sha256.digest()));
    Files.writeString(part.resolve(HEADER), Json.writePretty(complete));
    ForcedFiles.force(part.resolve(TENSORS));
    ForcedFiles.force(part.resolve(HEADER));
    ForcedFiles.force(part);
    delete(path(checkpoint)); // one of an older attempt that got this far
    Files.move(part, path(checkpoint), StandardCopyOption.ATOMIC_MOVE);
    ForcedFiles.force(directory);
    for (Path old : all().stream().skip(keep).toList()) delete(old);
  }

  private Path path(Checkpoint checkpoint) {
    return directory.resolve("step-" + checkpoint.step());
  }

  /** The header goes first: a directory without it was never renamed into place whole. */
  private static void delete(Path checkpoint) throws IOException {
    Files.deleteIfExists(checkpoint.resolve(HEADER));
    Files.deleteIfExists(checkpoint.resolve(TENSORS));
    Files.deleteIfExists(checkpoint);
  }
}
