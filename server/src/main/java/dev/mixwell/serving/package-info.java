/**
 * The two planes joined: the runs of a data directory over the index that a server holds, and what
 * will be asked for next, made before it is asked for.
 *
 * <p>{@link dev.mixwell.serving.Runs} are the runs; {@link dev.mixwell.serving.ServedRun} turns the
 * rows of a step into bytes (packages {@code group} and {@code pack}). {@link
 * dev.mixwell.serving.Packers} are the threads that read shards, {@link
 * dev.mixwell.serving.PackedAhead} keeps bodies by reader, {@link dev.mixwell.serving.RowsAhead}
 * touches rows of steps that are still undecided. What is made ahead may be thrown away at any
 * time: it changes when bytes are ready, never which. Package {@code http} is the only caller.
 */
@NullMarked
package dev.mixwell.serving;

import org.jspecify.annotations.NullMarked;
