/** Benchmarks: what things cost. The launcher runs them, and a test in their smallest form. */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
