package dev.mixwell.format;

import dev.mixwell.compress.Compression;
import dev.mixwell.shard.TokenType;
import org.jspecify.annotations.Nullable;

/**
 * A file whose tokens are served where they lie.
 *
 * @param file relative to the data set
 * @param compression of the whole file; null for none
 * @param type of its tokens
 * @param mask the file of its loss mask, a byte a token, relative to the data set; null for none
 * @param isContinued whether its first document goes on from the last one of the file before
 */
public record TokenFile(
    String file,
    @Nullable Compression compression,
    TokenType type,
    @Nullable String mask,
    boolean isContinued) {}
