/**
 * Columnar files, which are read once, when they are adopted: Parquet by parquet-java, and Arrow
 * streams by the layout classes of Arrow's own {@code arrow-format}. The only package that knows
 * Parquet and Arrow; serving uses nothing of it.
 *
 * <p>Stands on {@link dev.mixwell.metadata} and {@link dev.mixwell.compress}. {@link
 * dev.mixwell.format.reader} and {@link dev.mixwell.lines} read columns with it.
 */
@NullMarked
package dev.mixwell.columnar;

import org.jspecify.annotations.NullMarked;
