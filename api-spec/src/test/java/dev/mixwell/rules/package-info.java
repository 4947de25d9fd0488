/**
 * The rules of the house, for every module: which package may use which, where each library is
 * used, and how large a package, a file and a method may be.
 *
 * <p>{@link dev.mixwell.rules.Layout} is the drawing as a table. {@link
 * dev.mixwell.rules.LayoutRules} are the tests; each module runs them on itself by a class of its
 * own, so that they are red where the mistake was made.
 */
@NullMarked
package dev.mixwell.rules;

import org.jspecify.annotations.NullMarked;
