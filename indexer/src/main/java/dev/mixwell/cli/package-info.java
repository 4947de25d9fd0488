/** The frame of the program {@code mixwell}: what all its commands share on a terminal. */
@NullMarked
package dev.mixwell.cli;

import org.jspecify.annotations.NullMarked;
