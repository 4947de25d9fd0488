package dev.mixwell.adopt;

import dev.mixwell.api.ProblemType;
import dev.mixwell.api.Refusal;
import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.Metadata;
import dev.mixwell.catalog.RecordedShard;
import dev.mixwell.catalog.ShardEntry;
import dev.mixwell.format.TokenFile;
import dev.mixwell.ingest.IndexOutput;
import dev.mixwell.ingest.PendingEntries;
import dev.mixwell.shard.DocumentTableWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file whose documents are being told. Owned by one thread. Its table and its documents'
 * metadata go to disk as they come.
 */
final class AdoptedFile implements AutoCloseable {
  private final TokenFile file;
  private final Located tokens;
  private final @Nullable Located mask;
  private final IndexOutput output;
  private final int number;
  private final DocumentTableWriter table;
  private final PendingEntries entries;
  private final @Nullable LastDocument before;
  private long lastLengthTokens;
  private @Nullable String lastId;

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
    this.output = output;
    this.before = before;
    this.number = output.nextShard();
    this.entries = new PendingEntries(output.file(number, ".pending"), number);
    this.table =
        new DocumentTableWriter(
            output.file(number, ".docs"),
            file.type().sizeBytes(),
            before == null ? 0 : before.lengthTokens);
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

  /** Records the file, compares every token with the vocabulary, and hands it to the index. */
  @Nullable LastDocument finish(Report report) throws IOException {
    table.finish();
    var adopted =
        new RecordedShard.Adopted(
            output.file(number, ".docs"),
            file.type(),
            table.tokens(),
            table.documents(),
            tokens.source(),
            mask == null ? null : mask.source());
    ShardEntry entry =
        RecordedShard.adopted(
            adopted, IndexOutput.BLOCK_BYTES, output.tokenizer().vocabularySize(), report::read);
    output.add(entry, entries);
    if (entry.documents() == 0) return before;
    String id = Catalog.documentId(lastId, entry.file().sha256(), entry.documents() - 1);
    return new LastDocument(id, lastLengthTokens);
  }

  @Override
  public void close() throws IOException {
    try (table) {
      entries.close();
    }
  }
}
