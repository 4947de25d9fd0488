/**
 * The Lucene index of an index's documents: one entry a document, with its metadata and where its
 * tokens are.
 *
 * <p>Stands on {@link dev.mixwell.manifest} and {@link dev.mixwell.query}. {@link
 * dev.mixwell.writing} writes it; a server resolves its groups with {@link
 * dev.mixwell.catalog.Catalog#select}. Lucene's indexes are written and read here alone, and the
 * order of their documents never leaves this package.
 */
@NullMarked
package dev.mixwell.catalog;

import org.jspecify.annotations.NullMarked;
