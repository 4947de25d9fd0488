package dev.mixwell.writing;

import dev.mixwell.catalog.Catalog;
import dev.mixwell.catalog.CatalogEntry;
import dev.mixwell.catalog.CatalogWriter;
import dev.mixwell.metadata.Metadata;
import dev.mixwell.sidecar.Sidecar;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a shard that is being written, kept in a file: the ids of documents without one
 * need the shard's digest, which is known when the shard is whole. Owned by one thread at a time.
 */
public final class PendingEntries implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final DataOutputStream out;
  private long documents;

  public PendingEntries(Path file) throws IOException {
    this.file = file;
    this.out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES));
  }

  void add(EncodedDocument document) throws IOException {
    add(document.tokens().length, document.textBytes(), document.id(), document.metadata(), null);
  }

  /** As {@link #add(EncodedDocument)}, with the text that is to be searched. */
  void addWithText(EncodedDocument document) throws IOException {
    add(
        document.tokens().length,
        document.textBytes(),
        document.id(),
        document.metadata(),
        document.text());
  }

  /** Adds the next document of the shard. */
  public void add(long lengthTokens, long textBytes, @Nullable String id, Metadata metadata)
      throws IOException {
    add(lengthTokens, textBytes, id, metadata, null);
  }

  private void add(
      long lengthTokens,
      long textBytes,
      @Nullable String id,
      Metadata metadata,
      @Nullable String text)
      throws IOException {
    out.writeLong(lengthTokens);
    out.writeLong(textBytes);
    write(bytes(id));
    write(bytes(text));
    write(metadata.toBytes());
    documents++;
  }

  /**
   * Hands all entries to the catalog and removes the file.
   *
   * @param shard its number
   * @param sidecar whose rows their metadata is joined with; null for none
   */
  void drainTo(CatalogWriter catalog, int shard, String shardSha256, @Nullable Sidecar sidecar)
      throws IOException {
    out.close();
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
      long start = 0;
      for (long ordinal = 0; ordinal < documents; ordinal++) {
        long length = in.readLong();
        long textBytes = in.readLong();
        String id = text(readBytes(in));
        String words = text(readBytes(in));
        var metadata = Metadata.fromBytes(in.readNBytes(in.readInt()));
        if (sidecar != null)
          metadata = sidecar.join(Catalog.documentId(id, shardSha256, ordinal), metadata);
        var entry = new CatalogEntry(shard, ordinal, start, length, textBytes, id, metadata);
        catalog.add(entry, shardSha256, words);
        start += entry.lengthTokens();
      }
    }
    Files.delete(file);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] utf8) {
    return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
  }

  private void write(byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) out.write(bytes);
  }

  private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : in.readNBytes(length);
  }
}
