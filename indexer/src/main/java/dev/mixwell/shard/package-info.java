/**
 * Shards: immutable streams of tokens in files of many layouts, mapped into memory and guarded by a
 * checksum for each block; and where in them documents begin.
 *
 * <p>The lowest layer of the data: it knows token ids and document tables, nothing of text,
 * metadata or the formats that others write ({@link dev.mixwell.format} reads those, once). {@link
 * dev.mixwell.manifest} names the shards of an index, {@link dev.mixwell.catalog} says what their
 * documents are about, and {@link dev.mixwell.writing} writes new ones. No library but the JDK's.
 */
@NullMarked
package dev.mixwell.shard;

import org.jspecify.annotations.NullMarked;
