/** Benchmarks: what things cost. */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
