/**
 * Lines of text in: files are found, decompressed, cut into lines and parsed as JSON, each line a
 * {@link dev.mixwell.lines.SourceDocument} that knows its {@link dev.mixwell.lines.Place}.
 *
 * <p>Stands on {@link dev.mixwell.metadata} and {@link dev.mixwell.columnar}; {@link
 * dev.mixwell.ingest} makes an index of what comes out.
 */
@NullMarked
package dev.mixwell.lines;

import org.jspecify.annotations.NullMarked;
