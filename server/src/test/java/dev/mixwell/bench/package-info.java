/**
 * Benchmarks: what things cost, run by {@code ./mixwell bench}, and by tests in their smallest
 * form.
 */
@NullMarked
package dev.mixwell.bench;

import org.jspecify.annotations.NullMarked;
