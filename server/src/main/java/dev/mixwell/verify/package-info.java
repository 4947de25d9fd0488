/**
 * Commands that check the server's arithmetic against recorded numbers.
 *
 * <p>{@code verify-mixers} replays golden vectors through the mixers of package {@code mixer}, as a
 * run would fold them. It knows the files' layout; the mixers do not.
 */
@NullMarked
package dev.mixwell.verify;

import org.jspecify.annotations.NullMarked;
