/**
 * The command {@code mixwell index} and its subcommands: they make an index, change it, count what
 * it holds, and check it.
 *
 * <p>Stands on {@link dev.mixwell.ingest} and {@link dev.mixwell.adopt}, which write an index, and
 * on the packages that say what an index is.
 */
@NullMarked
package dev.mixwell.cli.index;

import org.jspecify.annotations.NullMarked;
