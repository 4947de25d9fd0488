/** What the Java client costs; run by the launcher, not by tests. */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
