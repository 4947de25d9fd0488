/**
 * The command {@code verify-formats}: adopts samples of token shards and compares every document
 * with what the samples' writers recorded.
 *
 * <p>Stands on {@link dev.mixwell.adopt}, which makes an index of the samples, and {@link
 * dev.mixwell.opened}, which reads it.
 */
@NullMarked
package dev.mixwell.verify.formats;

import org.jspecify.annotations.NullMarked;
