/**
 * The command {@code mixwell index}: makes an index, counts what it holds, checks it.
 *
 * <p>Stands on {@link dev.mixwell.ingest} and {@link dev.mixwell.catalog}. picocli and the progress
 * bar are used here.
 */
@NullMarked
package dev.mixwell.index;

import org.jspecify.annotations.NullMarked;
