/**
 * Metadata that lies beside the documents: rows by document id, put into a table on disk while an
 * index is made and joined with its documents.
 *
 * <p>Stands on {@link dev.mixwell.catalog}; {@link dev.mixwell.ingest} reads the rows and stands on
 * it. SQLite is used here only.
 */
@NullMarked
package dev.mixwell.sidecar;

import org.jspecify.annotations.NullMarked;
