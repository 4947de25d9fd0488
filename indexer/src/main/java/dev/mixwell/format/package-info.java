/**
 * The seam of token shards that others write: what a format is ({@link dev.mixwell.format.Format}),
 * the files it reads ({@link dev.mixwell.format.DataSet}), and what takes its findings ({@link
 * dev.mixwell.format.Sink}); and what several formats share.
 *
 * <p>Package {@code format.reader} has the formats. Whatever these classes read may be damaged or
 * made to do harm: counts and offsets are compared with the file before they are used, names stay
 * inside their folder, pickles are never opened.
 */
@NullMarked
package dev.mixwell.format;

import org.jspecify.annotations.NullMarked;
