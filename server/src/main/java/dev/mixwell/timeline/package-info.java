/**
 * The timeline: the ordered, durable, hash-chained log of everything that decides bytes. Written
 * first, folded afterwards.
 *
 * <p>One seam, {@link dev.mixwell.timeline.TimelineStore}: SQLite, one database file a run; or
 * memory, for simulated runs. Package {@code run} is its only reader and writer. Beside it {@link
 * dev.mixwell.serving.DataDirectory}, which one process at a time owns.
 */
@NullMarked
package dev.mixwell.timeline;

import org.jspecify.annotations.NullMarked;
