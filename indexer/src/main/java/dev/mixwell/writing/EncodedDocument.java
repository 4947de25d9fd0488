package dev.mixwell.writing;

import dev.mixwell.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A document ready to be written.
 *
 * @param tokens with the end of document
 * @param textBytes the UTF-8 bytes of its text
 * @param text null where only the tokens are known
 */
public record EncodedDocument(
    int[] tokens, long textBytes, @Nullable String id, Metadata metadata, @Nullable String text) {}
