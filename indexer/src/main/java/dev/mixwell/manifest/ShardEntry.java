package dev.mixwell.manifest;

import dev.mixwell.shard.TokenType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard of an index.
 *
 * @param file the tokens, where whoever wrote them left them
 * @param origin where the documents come from, if their tokens were decoded or made on the way in;
 *     else null
 * @param mask the loss mask, a byte a token; null where all tokens count
 * @param table where the documents lie ({@link dev.mixwell.shard.DocumentTable})
 * @param checksums of {@code file} (decompressed), {@code table} and {@code mask} ({@link
 *     dev.mixwell.shard.ShardChecksums})
 * @param megatron the {@code .idx} that makes {@code file} readable for others; null where this
 *     index did not write it
 */
public record ShardEntry(
    SourceFile file,
    @Nullable String origin,
    TokenType type,
    long tokens,
    long documents,
    @Nullable SourceFile mask,
    IndexFile table,
    IndexFile checksums,
    @Nullable IndexFile megatron) {
  /** The shard's name: where its documents come from. */
  public String name() {
    return origin == null ? file.location() : origin;
  }

  ShardEntry withMegatron(IndexFile index) {
    return new ShardEntry(file, origin, type, tokens, documents, mask, table, checksums, index);
  }

  /** The same with its origin. */
  public ShardEntry from(String location) {
    return new ShardEntry(
        file, location, type, tokens, documents, mask, table, checksums, megatron);
  }

  /**
   * The same, its files made in the folder of a generation.
   *
   * @param prefix {@link Generation#prefix}
   */
  public ShardEntry madeBelow(String prefix) {
    return new ShardEntry(
        file,
        origin,
        type,
        tokens,
        documents,
        mask,
        table.below(prefix),
        checksums.below(prefix),
        megatron == null ? null : megatron.below(prefix));
  }

  /** As {@link #madeBelow}, with its tokens there too. */
  public ShardEntry writtenBelow(String prefix) {
    var tokensBelow =
        new SourceFile(
            prefix + file.location(), file.compression(), file.lengthBytes(), file.sha256());
    return new ShardEntry(
            tokensBelow, origin, type, tokens, documents, mask, table, checksums, megatron)
        .madeBelow(prefix);
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
