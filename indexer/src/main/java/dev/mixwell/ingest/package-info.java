/**
 * From JSON lines to an index: read and tokenize in parallel, write in input order.
 *
 * <p>Joins {@link dev.mixwell.lines} with {@link dev.mixwell.writing}; the command {@link
 * dev.mixwell.cli.index} stands on it.
 */
@NullMarked
package dev.mixwell.ingest;

import org.jspecify.annotations.NullMarked;
