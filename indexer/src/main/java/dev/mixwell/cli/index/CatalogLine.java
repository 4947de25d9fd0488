package dev.mixwell.cli.index;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.CatalogSize;
import dev.mixwell.manifest.Manifest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Says what a catalog costs. */
final class CatalogLine {
  private CatalogLine() {}

  static void print(PrintWriter out, Path index, Manifest manifest) {
    CatalogSize size;
    boolean hasTexts;
    try (Catalog catalog = Catalog.open(index)) {
      size = catalog.size();
      hasTexts = catalog.keys().text() != null;
    }
    out.printf(
        Locale.ROOT,
        "catalog: %,d bytes, %,.1f a document",
        size.bytes(),
        (double) size.bytes() / manifest.documents());
    if (hasTexts)
      out.printf(
          Locale.ROOT,
          "; %,d of them to search %,d bytes of texts (%.0f %%)",
          size.fullTextBytes(),
          manifest.textBytes(),
          100.0 * size.fullTextBytes() / Math.max(1, manifest.textBytes()));
    out.println();
    out.flush();
  }
}
