/**
 * The command {@code mixwell train}: a small GPT trained against a server. Stands on {@link
 * dev.mixwell.trainer}, which is the loop.
 */
@NullMarked
package dev.mixwell.cli.train;

import org.jspecify.annotations.NullMarked;
