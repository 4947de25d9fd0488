package dev.mixwell.manifest;

/** How much there is of one value of a key; {@code bytes} are of the documents' texts in UTF-8. */
public record ValueStatistics(String value, long documents, long tokens, long bytes) {}
