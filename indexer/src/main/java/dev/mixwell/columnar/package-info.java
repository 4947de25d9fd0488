/**
 * Columnar files read once, when they are adopted: Parquet by parquet-java, and Arrow streams by
 * the layout classes of Arrow's own {@code arrow-format}. The libraries stay in here; nothing of it
 * serves.
 */
@NullMarked
package dev.mixwell.columnar;

import org.jspecify.annotations.NullMarked;
