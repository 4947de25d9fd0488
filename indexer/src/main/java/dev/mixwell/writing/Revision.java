package dev.mixwell.writing;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.CatalogRewrite;
import dev.mixwell.manifest.Manifest;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;

/**
 * Makes a generation of what an index has: with fewer shards, or with other metadata. No shard is
 * read or written. The catalog is written anew.
 */
public final class Revision {
  private Revision() {}

  /**
   * Whatever is thrown, the index is as it was.
   *
   * @throws Refusal not-found where there is no index; bad-input if nothing changes, nothing is
   *     left, or the catalog holds texts; index-damaged
   * @throws InterruptedException if the thread is interrupted
   */
  public static Manifest run(Path root, CatalogRewrite.Change change)
      throws IOException, InterruptedException {
    try (var staged = StagedGeneration.after(root);
        Catalog base = Catalog.open(staged.base())) {
      Manifest manifest = CatalogRewrite.write(base, change, staged.path());
      if (manifest.equals(base.manifest()))
        throw new Refusal(
            ProblemType.BAD_INPUT,
            "Nothing would change: the index %s is like that already.".formatted(root));
      staged.publish();
      return manifest;
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("interrupted while reading or writing");
    }
  }
}
