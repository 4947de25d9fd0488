/**
 * What is known of a document beside its tokens: values by key ({@link
 * dev.mixwell.metadata.Metadata}). No library but the JDK's.
 */
@NullMarked
package dev.mixwell.metadata;

import org.jspecify.annotations.NullMarked;
