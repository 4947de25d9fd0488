/**
 * Pictures of numbers over steps, as SVG text that any browser shows. Depends on nothing; the demo,
 * the experiments and the simulator draw with it.
 */
@NullMarked
package dev.mixwell.chart;

import org.jspecify.annotations.NullMarked;
