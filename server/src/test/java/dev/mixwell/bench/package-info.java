/** Benchmarks: what things cost, run by {@code ./mixwell bench}, never by a test. */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
