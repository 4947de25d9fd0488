/**
 * Adoption: token shards that others wrote come into an index where they lie. Finds out of what
 * format each data set is ({@link dev.mixwell.format}), checks what is read of it once and wholly,
 * and writes where its documents lie, checksums, and the catalog; tokens only where they cannot be
 * served as they are.
 */
@NullMarked
package dev.mixwell.adopt;

import org.jspecify.annotations.NullMarked;
