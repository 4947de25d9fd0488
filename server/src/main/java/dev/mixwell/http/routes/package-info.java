/**
 * What the server answers. Each resource is one class with a list of routes, and {@link
 * dev.mixwell.http.routes.Routes} has all of them; no other type is seen from outside.
 *
 * <p>Routes call packages {@code serving}, {@code run} and {@code preview}, and turn what those
 * return into responses. Nothing here decides a byte of a batch. Stands on {@link
 * dev.mixwell.http.exchange}.
 */
@NullMarked
package dev.mixwell.http.routes;

import org.jspecify.annotations.NullMarked;
