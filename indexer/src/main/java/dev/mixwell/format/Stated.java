package dev.mixwell.format;

import dev.mixwell.shard.TokenType;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about a data set because its files do not. Null where nothing was said.
 *
 * @param type of the tokens
 * @param endOfDocument the id behind each document
 * @param hasNoEnd that no id stands behind documents, and that this is all there is to say
 * @param beginOfDocument the id in front of each document
 * @param column the one with tokens or with text
 * @param idField the member or column with a document's id
 * @param split the part of a data set that has several
 * @param mask the file with the loss mask, relative to the data set
 */
public record Stated(
    @Nullable TokenType type,
    @Nullable Integer endOfDocument,
    boolean hasNoEnd,
    @Nullable Integer beginOfDocument,
    @Nullable String column,
    String idField,
    @Nullable String split,
    @Nullable String mask) {
  public static final Stated NOTHING = new Stated(null, null, false, null, null, "id", null, null);
}
