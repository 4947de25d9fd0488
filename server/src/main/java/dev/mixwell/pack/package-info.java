/**
 * Packing: copies the rows of one rank's share of a step out of the mapped shards into one body,
 * and says where rows come from.
 *
 * <p>Other packages have decided before what is in the batch: package {@code sampler} how many rows
 * of which group, package {@code group} which tokens those are. Package {@code serving} asks for
 * bodies, and package {@code http.routes} sends them. The only package that uses Netty, for its
 * pooled buffers.
 */
@NullMarked
package dev.mixwell.pack;

import org.jspecify.annotations.NullMarked;
