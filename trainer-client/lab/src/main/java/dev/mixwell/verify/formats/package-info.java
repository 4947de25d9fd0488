/**
 * The command {@code verify-formats}: adopts samples of token shards and compares every document
 * with what the samples' writers recorded.
 */
@NullMarked
package dev.mixwell.verify.formats;

import org.jspecify.annotations.NullMarked;
