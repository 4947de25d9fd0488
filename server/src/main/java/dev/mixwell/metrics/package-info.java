/**
 * What the server counts and times, in Prometheus' text form. Base units; labels {@code run},
 * {@code group} and {@code reason} only, so that the number of series follows the runs and never
 * the requests. The only package that knows Micrometer.
 *
 * <p>Packages {@code http} and {@code http.routes} report events here as they happen; the runs'
 * shares and positions are read when a scrape asks.
 */
@NullMarked
package dev.mixwell.metrics;

import org.jspecify.annotations.NullMarked;
