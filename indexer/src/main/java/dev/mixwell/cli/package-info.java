/**
 * The frame of the program {@code mixwell}: what all its commands share on a terminal.
 *
 * <p>Stands on {@link dev.mixwell.base}. Every package with a command stands on it, such as {@link
 * dev.mixwell.cli.index}.
 */
@NullMarked
package dev.mixwell.cli;

import org.jspecify.annotations.NullMarked;
