/**
 * The command {@code verify-mixers}: replays golden vectors through the mixers, as a run would fold
 * them. It knows the files' layout; the mixers do not.
 *
 * <p>Stands on {@link dev.mixwell.mixer} and the packages of its rules.
 */
@NullMarked
package dev.mixwell.verify.mixers;

import org.jspecify.annotations.NullMarked;
