package dev.mixwell.catalog;

/**
 * A shard of an index. File names are those of files directly in the index's directory; digests are
 * SHA-256 in hexadecimal.
 *
 * @param file the {@code .bin}
 */
public record ShardEntry(
    String file,
    long tokens,
    long documents,
    long lengthBytes,
    String sha256,
    String indexFile,
    long indexLengthBytes,
    String indexSha256,
    String checksumsFile,
    String checksumsSha256) {
  public ShardEntry {
    for (String name : new String[] {file, indexFile, checksumsFile})
      if (name.contains("/") || name.contains("\\") || name.startsWith("."))
        throw new IllegalArgumentException("not the name of a file in the index: " + name);
  }
}
