/**
 * Packing: copies the rows of one rank's share of a step out of the mapped shards into one body,
 * and says where rows come from.
 *
 * <p>What is in the batch is decided before (package {@code sampler}: groups and cumulative
 * positions; package {@code group}: which tokens those are); package {@code http} sends the bytes.
 * The only package that uses Netty, for its pooled buffers.
 */
@NullMarked
package dev.mixwell.pack;

import org.jspecify.annotations.NullMarked;
