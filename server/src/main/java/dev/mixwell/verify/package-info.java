/**
 * A recorded run computed once more, and the command that does it. Stands on {@link
 * dev.mixwell.fold}.
 */
@NullMarked
package dev.mixwell.verify;

import org.jspecify.annotations.NullMarked;
