package dev.mixwell.catalog;

import dev.mixwell.shard.TokenType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard of an index.
 *
 * @param file the tokens, where whoever wrote them left them
 * @param mask the loss mask, a byte a token; null where all tokens count
 * @param table where the documents lie ({@link dev.mixwell.shard.DocumentTable})
 * @param checksums of {@code file} (decompressed), {@code table} and {@code mask} ({@link
 *     dev.mixwell.shard.ShardChecksums})
 * @param megatron the {@code .idx} that makes {@code file} readable for others; null where this
 *     index did not write it
 */
public record ShardEntry(
    SourceFile file,
    TokenType type,
    long tokens,
    long documents,
    @Nullable SourceFile mask,
    IndexFile table,
    IndexFile checksums,
    @Nullable IndexFile megatron) {
  /** The shard's name: where its tokens lie. */
  public String name() {
    return file.location();
  }

  ShardEntry withMegatron(IndexFile index) {
    return new ShardEntry(file, type, tokens, documents, mask, table, checksums, index);
  }

  /** All its files that lie here. */
  public List<Path> files(Path indexDir) {
    var files = new ArrayList<Path>();
    for (SourceFile f : sources()) if (!f.inObjectStore()) files.add(f.path(indexDir));
    for (IndexFile f : made()) files.add(f.path(indexDir));
    return files;
  }

  /** What it reads. */
  List<SourceFile> sources() {
    return mask == null ? List.of(file) : List.of(file, mask);
  }

  /** What the index made for it. */
  List<IndexFile> made() {
    var made = new ArrayList<>(List.of(table, checksums));
    if (megatron != null) made.add(megatron);
    return made;
  }
}
