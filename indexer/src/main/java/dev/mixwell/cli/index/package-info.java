/**
 * The command {@code mixwell index}: makes an index, counts what it holds, checks it.
 *
 * <p>Stands on {@link dev.mixwell.ingest}, {@link dev.mixwell.adopt} and {@link dev.mixwell.store}.
 */
@NullMarked
package dev.mixwell.cli.index;

import org.jspecify.annotations.NullMarked;
