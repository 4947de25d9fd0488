/**
 * The trainer on small models: what it learns, what it reports, and that an interruption changes
 * nothing.
 */
@NullMarked
package dev.mixwell.trainer;

import org.jspecify.annotations.NullMarked;
