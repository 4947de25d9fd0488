package dev.mixwell.serving;

import dev.mixwell.pack.PackedBatch;

/**
 * A body, and what there is to say of its making.
 *
 * @param ahead whether it lay ready when it was asked for
 * @param packNanos for which it was packed
 */
public record Body(PackedBatch batch, boolean ahead, long packNanos) {}
