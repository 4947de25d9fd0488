package dev.mixwell.adopt;

import dev.mixwell.base.ProblemType;
import dev.mixwell.base.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.format.TokenFile;
import dev.mixwell.manifest.RecordedShard;
import dev.mixwell.manifest.ShardEntry;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.shard.DocumentTableWriter;
import dev.mixwell.writing.AppendingQueue;
import dev.mixwell.writing.IndexOutput;
import dev.mixwell.writing.PendingEntries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A file whose documents are told, then recorded, then appended to the index. Owned by one thread
 * at a time. Its table and its documents' metadata go to disk as they come.
 */
final class AdoptedFile implements AutoCloseable {
  private final TokenFile file;
  private final Located tokens;
  private final @Nullable Located mask;
  private final int vocabularySize;
  private final Path tablePath;
  private final DocumentTableWriter table;
  private final PendingEntries entries;
  private final @Nullable LastDocument before;
  private long lastLengthTokens;
  private @Nullable String lastId;
  private @Nullable LastDocument last;

  /**
   * The document that a file ends with.
   *
   * @param lengthTokens in this file and in those before it
   */
  record LastDocument(String id, long lengthTokens) {}

  /**
   * @param before the document that the file begins with the rest of; null if it begins with one of
   *     its own
   */
  AdoptedFile(
      TokenFile file,
      Located tokens,
      @Nullable Located mask,
      IndexOutput output,
      @Nullable LastDocument before)
      throws IOException {
    this.file = file;
    this.tokens = tokens;
    this.mask = mask;
    this.vocabularySize = output.tokenizer().vocabularySize();
    this.before = before;
    Path path = output.nextAdopted();
    this.tablePath = path.resolveSibling(path.getFileName() + ".docs");
    this.entries = new PendingEntries(path.resolveSibling(path.getFileName() + ".pending"));
    this.table =
        new DocumentTableWriter(
            tablePath, file.type().sizeBytes(), before == null ? 0 : before.lengthTokens);
  }

  void add(long atByte, long lengthTokens, @Nullable String id, Metadata metadata)
      throws IOException {
    requireWithin(atByte, lengthTokens);
    LastDocument begun = table.documents() == 0 ? before : null;
    lastLengthTokens = lengthTokens + (begun == null ? 0 : begun.lengthTokens);
    lastId = begun == null ? id : begun.id;
    table.add(atByte, lengthTokens);
    entries.add(lengthTokens, 0, lastId, metadata);
  }

  private void requireWithin(long atByte, long lengthTokens) {
    long room = tokens.plainBytes() - atByte;
    if (atByte < 0 || lengthTokens < 0 || room < 0 || lengthTokens > room / file.type().sizeBytes())
      throw new Refusal(
              ProblemType.SHARD_DAMAGED,
              "Document %,d of the shard %s (%,d tokens at byte %,d) is not within its %,d bytes."
                  .formatted(
                      table.documents(),
                      tokens.location(),
                      lengthTokens,
                      atByte,
                      tokens.plainBytes()))
          .with("shard", tokens.location());
  }

  /**
   * Records the file, and compares every token with the vocabulary; no document is told afterwards.
   *
   * @param readBytes told how many more bytes were read now and then
   */
  AppendingQueue.Part recorded(LongConsumer readBytes) throws IOException {
    try (this) {
      table.finish();
      var adopted =
          new RecordedShard.Adopted(
              tablePath,
              file.type(),
              table.tokens(),
              table.documents(),
              tokens.source(),
              mask == null ? null : mask.source());
      ShardEntry entry =
          RecordedShard.adopted(adopted, IndexOutput.BLOCK_BYTES, vocabularySize, readBytes);
      last = last(entry);
      return output -> output.add(entry, entries);
    }
  }

  private @Nullable LastDocument last(ShardEntry entry) {
    if (entry.documents() == 0) return before;
    String id = Catalog.documentId(lastId, entry.file().sha256(), entry.documents() - 1);
    return new LastDocument(id, lastLengthTokens);
  }

  /** Whether it is read where it lies. */
  boolean isPlain() {
    return tokens.source().compression() == null;
  }

  /** Known once it was recorded. */
  @Nullable LastDocument last() {
    return last;
  }

  @Override
  public void close() throws IOException {
    try (table) {
      entries.close();
    }
  }
}
