/**
 * The opened index: its manifest, its catalog and all its shards, as one value that many threads
 * read; and the generations of an index that a server holds at once.
 *
 * <p>Stands on {@link dev.mixwell.catalog} and {@link dev.mixwell.store}. A server and the lab read
 * indexes through it.
 */
@NullMarked
package dev.mixwell.opened;

import org.jspecify.annotations.NullMarked;
