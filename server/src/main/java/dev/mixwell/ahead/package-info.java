/**
 * What will be asked for next, made before it is asked for: bodies of issued steps, and, in memory
 * but not yet anybody's, rows of steps that are still undecided. Everything here may be thrown away
 * at any time; it changes when bytes are ready, never which.
 *
 * <p>{@link dev.mixwell.ahead.Packers} are the threads, {@link dev.mixwell.ahead.PackedAhead} keeps
 * bodies by reader, {@link dev.mixwell.ahead.RowsAhead} touches rows. Package {@code service} uses
 * it; it knows {@code pack} and {@code run}.
 */
@NullMarked
package dev.mixwell.ahead;

import org.jspecify.annotations.NullMarked;
