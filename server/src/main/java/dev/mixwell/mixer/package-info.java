/**
 * The seam of the mixers: pure state machines, feedback in, proportions out.
 *
 * <p>A mixer has no clock, no thread, no file, and no randomness that is not in its state. Sums run
 * in index order; {@code StrictMath} only. Package {@code fold} folds mixers over the timeline and
 * records what they return with each close, so that no fold is ever computed again. How a mixer
 * starts, what holds while nothing has closed, its constants, schedules and probes, and the
 * defaults of its parameters are not recorded but computed again from the code; {@link
 * dev.mixwell.mixer.Mixer#version} says what that asks of a change. The rules themselves are in the
 * packages below: {@code mixer.ado} and {@code mixer.aioli} have one of several files each, {@code
 * mixer.rules} has all others and the arithmetic that they share. Third parties implement {@link
 * dev.mixwell.mixer.MixerFactory}.
 */
@NullMarked
package dev.mixwell.mixer;

import org.jspecify.annotations.NullMarked;
