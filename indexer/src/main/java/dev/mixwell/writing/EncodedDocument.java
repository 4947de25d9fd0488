package dev.mixwell.writing;

import dev.mixwell.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A document ready to be written. The tokens belong to it: whoever encoded them hands them over,
 * and nobody changes them.
 *
 * @param tokens with the end of document
 * @param textBytes the UTF-8 bytes of its text
 * @param text null where only the tokens are known
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a shard; a copy would double the work
public record EncodedDocument(
    int[] tokens, long textBytes, @Nullable String id, Metadata metadata, @Nullable String text) {}
