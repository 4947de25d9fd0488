package dev.mixwell.catalog;

import dev.mixwell.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A document on its way into the catalog.
 *
 * @param shard the number of its shard in the manifest
 * @param ordinal among the shard's documents, from 0
 * @param startToken its first token in the shard
 * @param lengthTokens with the end of document
 * @param textBytes the UTF-8 bytes of its text
 * @param id the given one; null if there is none
 */
public record CatalogEntry(
    int shard,
    long ordinal,
    long startToken,
    long lengthTokens,
    long textBytes,
    @Nullable String id,
    Metadata metadata) {}
