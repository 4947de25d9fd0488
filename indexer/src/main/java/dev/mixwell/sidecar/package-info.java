/**
 * Metadata that lies in files beside the documents: rows by document id, which are put into a table
 * on disk while an index is made, and joined with its documents.
 *
 * <p>Stands on {@link dev.mixwell.metadata}. {@link dev.mixwell.lines} reads the rows and stands on
 * it. SQLite is used in no other package of the indexer.
 */
@NullMarked
package dev.mixwell.sidecar;

import org.jspecify.annotations.NullMarked;
