/**
 * The formats of token shards that others write: each is recognised by its files' names and bytes,
 * read once when shards are adopted, and turned into where documents lie. {@link
 * dev.mixwell.format.reader.Formats} tells which one a data set has.
 *
 * <p>{@link dev.mixwell.adopt} drives them. Serving knows nothing of formats: it reads what came
 * out of here, a {@link dev.mixwell.shard.DocumentTable} a shard.
 */
@NullMarked
package dev.mixwell.format.reader;

import org.jspecify.annotations.NullMarked;
