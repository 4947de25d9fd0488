/**
 * The command {@code mixwell serve}: reads the configuration, opens the index and the runs, starts
 * the listener, and takes all of it down in the reverse order. All wiring is here, in {@code new}.
 *
 * <p>Stands on {@link dev.mixwell.config}, {@link dev.mixwell.opened}, {@link dev.mixwell.serving}
 * and {@link dev.mixwell.http}.
 */
@NullMarked
package dev.mixwell.server;

import org.jspecify.annotations.NullMarked;
