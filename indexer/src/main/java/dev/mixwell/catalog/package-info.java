/**
 * The Lucene index of an index's documents: one entry a document, with its metadata and where its
 * tokens are.
 *
 * <p>Stands on {@link dev.mixwell.manifest} and {@link dev.mixwell.query}. {@link
 * dev.mixwell.writing} writes it; a server resolves its groups with {@link
 * dev.mixwell.catalog.Catalog#select}. The only package that knows Lucene's indexes, whose document
 * order never leaves it.
 */
@NullMarked
package dev.mixwell.catalog;

import org.jspecify.annotations.NullMarked;
