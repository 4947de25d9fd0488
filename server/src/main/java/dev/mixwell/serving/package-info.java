/**
 * The two planes joined: the runs of a data directory over the index that a server holds, and what
 * will be asked for next, made before it is asked for.
 *
 * <p>{@link dev.mixwell.serving.DataDirectory} names the files, and {@link
 * dev.mixwell.serving.Runs} are the runs in it. {@link dev.mixwell.serving.ServedRun} turns the
 * rows of an issued step into a {@link dev.mixwell.serving.ReadyBody}, by packages {@code group}
 * and {@code pack}. {@link dev.mixwell.serving.Packing} owns the threads that do so. It keeps a
 * {@link dev.mixwell.serving.Lane} of ready bodies for each reader, and has {@link
 * dev.mixwell.serving.RowsAhead} read rows of steps that are still undecided. What is made ahead
 * may be thrown away at any time: it changes when bytes are ready, never which.
 *
 * <p>A GET of a batch walks straight down: {@code Run.pull} issues the step, {@code
 * ServedRun.body} finds or packs its bytes, and package {@code http.routes}, the only caller, sends
 * them. Only the flag beside the bytes is asked of the run again, because it can still change.
 */
@NullMarked
package dev.mixwell.serving;

import org.jspecify.annotations.NullMarked;
