/**
 * Shards: immutable Megatron {@code .bin/.idx} pairs, mapped into memory, written, and guarded by a
 * checksum for each block.
 *
 * <p>The lowest layer of the data: it knows token ids and where documents begin, nothing of text or
 * metadata. {@link dev.mixwell.catalog} names the shards of an index and what their documents are
 * about; {@link dev.mixwell.ingest} writes them. No library but the JDK's.
 */
@NullMarked
package dev.mixwell.shard;

import org.jspecify.annotations.NullMarked;
