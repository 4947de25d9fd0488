/**
 * The timeline: the ordered, durable, hash-chained log of everything that decides bytes. An event
 * is written first and folded afterwards.
 *
 * <p>There is one seam, {@link dev.mixwell.timeline.TimelineStore}, with two stores: SQLite, one
 * database file a run; and memory, for simulated runs. Package {@code run} appends; {@code fold},
 * {@code answer} and {@code verify} read.
 */
@NullMarked
package dev.mixwell.timeline;

import org.jspecify.annotations.NullMarked;
