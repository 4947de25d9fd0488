package dev.mixwell.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.codecs.perfield.PerFieldPostingsFormat;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;

/**
 * How large a catalog is on disk.
 *
 * @param bytes of all its files
 * @param fullTextBytes of those that make texts searchable
 */
public record CatalogSize(long bytes, long fullTextBytes) {
  static CatalogSize of(Path directory, LeafReader segment) throws IOException {
    String format = null; // such as Lucene104_1, a part of the names of the files with texts
    for (FieldInfo field : segment.getFieldInfos())
      if (Fields.isText(field.name))
        format =
            field.getAttribute(PerFieldPostingsFormat.PER_FIELD_FORMAT_KEY)
                + "_"
                + field.getAttribute(PerFieldPostingsFormat.PER_FIELD_SUFFIX_KEY);
    long bytes = 0;
    long fullTextBytes = 0;
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        long size = Files.size(file);
        bytes += size;
        if (format != null && file.getFileName().toString().contains("_" + format + "."))
          fullTextBytes += size;
      }
    }
    return new CatalogSize(bytes, fullTextBytes);
  }
}
