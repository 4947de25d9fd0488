package dev.mixwell.group;

/**
 * Two groups that serve the same documents.
 *
 * @param documents how many documents with tokens both match
 * @param tokens of them
 */
public record GroupOverlap(String first, String second, long documents, long tokens) {}
