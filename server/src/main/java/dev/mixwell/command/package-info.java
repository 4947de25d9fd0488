/**
 * What trainers and operators may do to a run: open an attempt, post feedback, swap the mixer, set
 * overrides, skip rows. Each command either refuses and changes nothing, or appends its events to
 * {@link dev.mixwell.fold}.
 */
@NullMarked
package dev.mixwell.command;

import org.jspecify.annotations.NullMarked;
