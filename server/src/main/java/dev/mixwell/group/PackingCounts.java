package dev.mixwell.group;

/**
 * What packing does to the documents of a group.
 *
 * @param rows of one epoch
 * @param documents that have tokens
 * @param truncatedDocuments of them, longer than a row and therefore cut
 * @param truncatedByConcat how many of them {@code concat} would have cut
 * @param paddingTokens behind the last document of a row, over all rows
 */
public record PackingCounts(
    long rows,
    long documents,
    long truncatedDocuments,
    long truncatedByConcat,
    long paddingTokens) {}
