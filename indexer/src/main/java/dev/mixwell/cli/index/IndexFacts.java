package dev.mixwell.cli.index;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.manifest.Generation;
import dev.mixwell.manifest.Manifest;
import dev.mixwell.sidecar.Sidecar;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An index that was made or changed.
 *
 * @param index its folder
 * @param generation the newest, which was made
 * @param manifest the digest of its manifest
 * @param metadata what became of the rows of metadata; null without
 */
record IndexFacts(
    String index,
    int generation,
    long documents,
    long tokens,
    int shards,
    String manifest,
    CatalogFacts catalog,
    Sidecar.@Nullable Counts metadata) {

  /**
   * What a catalog costs.
   *
   * @param fullTextBytes of these, to search texts
   * @param textBytes of the texts that can be searched; null where they cannot
   */
  record CatalogFacts(long bytes, long fullTextBytes, @Nullable Long textBytes) {
    static CatalogFacts of(Path index, Manifest manifest) {
      try (Catalog catalog = Catalog.open(index)) {
        boolean hasTexts = catalog.keys().text() != null;
        var size = catalog.size();
        return new CatalogFacts(
            size.bytes(), size.fullTextBytes(), hasTexts ? (Long) manifest.textBytes() : null);
      }
    }

    private void print(PrintWriter out, long documents) {
      out.printf(
          Locale.ROOT,
          "catalog: %,d bytes, %,.1f a document",
          bytes,
          (double) bytes / Math.max(1, documents));
      if (textBytes != null)
        out.printf(
            Locale.ROOT,
            "; %,d of them to search %,d bytes of texts (%.0f %%)",
            fullTextBytes,
            textBytes,
            100.0 * fullTextBytes / Math.max(1, textBytes));
      out.println();
    }
  }

  static IndexFacts of(Path index, Manifest manifest, Sidecar.@Nullable Counts metadata) {
    return new IndexFacts(
        index.toString(),
        Generation.newest(index).number(),
        manifest.documents(),
        manifest.tokens(),
        manifest.shards().size(),
        manifest.sha256(),
        CatalogFacts.of(index, manifest),
        metadata);
  }

  /** Of an index that is new: without a number of its generation. */
  void printMade(PrintWriter out) {
    print(out, index);
    catalog.print(out, documents);
  }

  /** Of one that was there. */
  void printGeneration(PrintWriter out) {
    print(out, index + ", generation " + generation);
  }

  private void print(PrintWriter out, String what) {
    out.printf(
        Locale.ROOT,
        "%s: %,d documents, %,d tokens, shards: %d; manifest %s%n",
        what,
        documents,
        tokens,
        shards,
        manifest);
  }
}
