/**
 * The timeline: the ordered, durable, hash-chained log of everything that decides bytes. An event
 * is written first and folded afterwards.
 *
 * <p>There is one seam, {@link dev.mixwell.timeline.TimelineStore}, with two stores: SQLite, one
 * database file a run; and memory, for simulated runs. Whoever makes a run appends its first event,
 * which is package {@code serving} or, in virtual time, {@code simulate}; package {@code run}
 * appends all others. Packages {@code fold}, {@code run} and {@code verify} read.
 */
@NullMarked
package dev.mixwell.timeline;

import org.jspecify.annotations.NullMarked;
