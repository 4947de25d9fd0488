package dev.mixwell.catalog;

import dev.mixwell.base.Sha256;
import dev.mixwell.manifest.FullText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The digest of what a catalog says, the same for every Lucene index that says it. Owned by one
 * thread.
 *
 * <p>SHA-256 over the documents in manifest order; of each, big-endian: shard (32 bit), ordinal,
 * start and length in tokens, hash of the id (64 bit each), the given id and the metadata (each the
 * 32-bit length, -1 for no id, and the bytes). Where texts can be searched, then how: the number of
 * the analyzers, and keys and names of languages as in {@link FullText}. The words themselves
 * follow from the tokens, which the manifest pins, and are covered by Lucene's checksums.
 */
public final class CatalogContent {
  private final MessageDigest digest = Sha256.digest();
  private final ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES + 4 * Long.BYTES);

  void add(Location location, @Nullable String id, byte[] metadata) {
    numbers.clear().putInt(location.shard()).putLong(location.ordinal());
    numbers.putLong(location.startToken()).putLong(location.lengthTokens());
    digest.update(numbers.putLong(location.idHash()).flip());
    add(id == null ? null : id.getBytes(StandardCharsets.UTF_8));
    add(metadata);
  }

  /** How texts can be searched; after all documents. */
  void add(FullText text) {
    digest.update(numbers.clear().putInt(text.analyzers()).flip());
    for (String key : text.languageKeys()) add(key.getBytes(StandardCharsets.UTF_8));
    for (String name : text.languages()) add(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Ends it. */
  String sha256() {
    return Sha256.hex(digest.digest());
  }

  private void add(byte @Nullable [] bytes) {
    digest.update(numbers.clear().putInt(bytes == null ? -1 : bytes.length).flip());
    if (bytes != null) digest.update(bytes);
  }

  /** A document's numbers, in the order in which a {@link DocumentVisitor} takes them. */
  record Location(int shard, long ordinal, long startToken, long lengthTokens, long idHash) {}
}
