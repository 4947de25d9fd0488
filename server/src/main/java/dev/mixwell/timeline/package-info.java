/**
 * The timeline: the ordered, durable, hash-chained log of everything that decides bytes. Written
 * first, folded afterwards.
 *
 * <p>One seam, {@link dev.mixwell.timeline.TimelineStore}: SQLite, one database file a run; or
 * memory, for simulated runs. Package {@code run} is its only reader and writer. The files lie
 * where package {@code serving} says.
 */
@NullMarked
package dev.mixwell.timeline;

import org.jspecify.annotations.NullMarked;
