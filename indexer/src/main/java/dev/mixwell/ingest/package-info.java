/**
 * From JSON lines to an index: read, decompress, parse and tokenize in parallel, write in input
 * order, publish by one rename.
 *
 * <p>Stands on {@link dev.mixwell.tokenize}, {@link dev.mixwell.shard}, {@link dev.mixwell.catalog}
 * and {@link dev.mixwell.sidecar}; the command {@link dev.mixwell.index} stands on it. zstd-jni is
 * used here only.
 */
@NullMarked
package dev.mixwell.ingest;

import org.jspecify.annotations.NullMarked;
