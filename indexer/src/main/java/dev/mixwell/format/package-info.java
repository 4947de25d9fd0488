/**
 * The formats of token shards that others write, one class each: recognised by their bytes, read
 * once when shards are adopted, and turned into where documents lie.
 *
 * <p>{@link dev.mixwell.adopt} drives them. Serving knows nothing of formats: it reads what came
 * out of here, a {@link dev.mixwell.shard.DocumentTable} a shard. Whatever these classes read may
 * be damaged or made to do harm: counts and offsets are compared with the file before they are
 * used, names stay inside their folder, pickles are never opened.
 */
@NullMarked
package dev.mixwell.format;

import org.jspecify.annotations.NullMarked;
