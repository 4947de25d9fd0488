package dev.mixwell.ingest;

import dev.mixwell.catalog.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A document ready to be written.
 *
 * @param tokens with the end of document
 * @param textBytes the UTF-8 bytes of its text
 */
public record EncodedDocument(
    int[] tokens, long textBytes, @Nullable String id, Metadata metadata) {}
