/**
 * Opens the shards of an index where they lie: mapped files, and through a bounded local cache what
 * is compressed or in an object store.
 *
 * <p>Between {@link dev.mixwell.catalog}, which says where shards lie, and whoever reads their
 * tokens.
 */
@NullMarked
package dev.mixwell.store;

import org.jspecify.annotations.NullMarked;
