/**
 * Opens the shards of an index where they lie: files are mapped; a local cache of bounded size
 * holds what is compressed or lies in an object store.
 *
 * <p>Stands on {@link dev.mixwell.manifest}, which says where shards lie, {@link
 * dev.mixwell.shard}, {@link dev.mixwell.compress} and {@link dev.mixwell.objects}. {@link
 * dev.mixwell.opened} opens an index through it.
 */
@NullMarked
package dev.mixwell.store;

import org.jspecify.annotations.NullMarked;
