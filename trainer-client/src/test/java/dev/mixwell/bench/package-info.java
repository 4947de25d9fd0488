/** What the Java client costs; run by the launcher, and by a test in its smallest form. */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
