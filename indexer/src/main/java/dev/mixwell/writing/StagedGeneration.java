package dev.mixwell.writing;

import dev.mixwell.base.ForcedFiles;
import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The next generation of an index, there whole or not at all ({@link StagedDirectory}). Owned by
 * one thread.
 */
public final class StagedGeneration implements AutoCloseable {
  private final Generation base;
  private final StagedDirectory staged;

  private StagedGeneration(Generation base, StagedDirectory staged) {
    this.base = base;
    this.staged = staged;
  }

  /**
   * Begins the one after the newest.
   *
   * @throws Refusal not-found where there is no index; bad-input if another process writes the same
   */
  public static StagedGeneration after(Path root) throws IOException {
    Generation base = Generation.newest(root);
    Manifest _ = Manifest.read(base); // nothing is made where there is no index
    Generation next = base.next();
    if (!Files.isDirectory(parent(next))) {
      Files.createDirectories(parent(next));
      ForcedFiles.force(root);
    }
    var staged = StagedDirectory.create(next.folder(), false);
    if (Generation.newest(root).equals(base)) return new StagedGeneration(base, staged);
    staged.close();
    throw new Refusal(
        ProblemType.BAD_INPUT,
        "The index %s got a generation from another process just now. Try again.".formatted(root));
  }

  /** What it is made of. */
  public Generation base() {
    return base;
  }

  /** What it will be. */
  public Generation next() {
    return base.next();
  }

  /** Where to write. */
  public Path path() {
    return staged.path();
  }

  /** Forces the directory and gives it its name. */
  public void publish() throws IOException {
    staged.publish();
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    staged.close();
  }

  private static Path parent(Generation next) {
    return next.folder().resolveSibling("");
  }
}
