/**
 * The update rules of one file each, and the arithmetic that several of them share.
 *
 * <p>Stands on {@link dev.mixwell.mixer}. {@link dev.mixwell.mixer.aioli} shares some of its
 * arithmetic.
 */
@NullMarked
package dev.mixwell.mixer.rules;

import org.jspecify.annotations.NullMarked;
