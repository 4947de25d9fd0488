/**
 * What is known of a document beside its tokens: values by key ({@link
 * dev.mixwell.metadata.Metadata}). No library but the JDK's.
 *
 * <p>{@link dev.mixwell.lines} and {@link dev.mixwell.sidecar} read values, and {@link
 * dev.mixwell.catalog} finds documents by them.
 */
@NullMarked
package dev.mixwell.metadata;

import org.jspecify.annotations.NullMarked;
