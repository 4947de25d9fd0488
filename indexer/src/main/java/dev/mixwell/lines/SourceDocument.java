package dev.mixwell.lines;

import dev.mixwell.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/** What a line says: a text, its id if it has one, and everything else. */
public record SourceDocument(String text, @Nullable String id, Metadata metadata) {}
