package dev.mixwell.format;

import dev.mixwell.base.Refusal;
import dev.mixwell.compress.Compression;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one data set of one format, in a folder here or under a prefix of an object store.
 * Owned by one thread.
 */
public interface DataSet {
  /** What the user calls it. */
  String name();

  /**
   * Names of the files that belong to it, relative to it, with {@code /}; sorted. Of a data set
   * that is one file, that file and those beside it that begin with its name.
   */
  List<String> files();

  /**
   * A file as it lies there (compressed, if it is), whole and readable here until the next call.
   *
   * @param file a name that may come from a data set's own index
   * @throws Refusal bad-input for a name that leaves the data set; shard-damaged where there is no
   *     such file
   */
  Path local(String file) throws IOException;

  /**
   * A file's plain bytes, whole and readable here until the next call.
   *
   * @param compression null for none: then this is {@link #local}
   * @param plainBytes how many there must be; no more are written
   * @throws Refusal as {@link #local}; shard-damaged where the file does not decompress to so many
   */
  Path plain(String file, @Nullable Compression compression, long plainBytes) throws IOException;

  /** Whether there is such a file in it. */
  boolean has(String file);
}
