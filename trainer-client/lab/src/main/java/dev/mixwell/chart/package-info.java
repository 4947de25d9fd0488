/**
 * Pictures of numbers over steps, as SVG text that any browser shows. Depends on nothing of ours;
 * packages {@code demo}, {@code simulate} and {@code experiment.report} draw with it.
 */
@NullMarked
package dev.mixwell.chart;

import org.jspecify.annotations.NullMarked;
