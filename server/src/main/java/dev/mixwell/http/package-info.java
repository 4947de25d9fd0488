/**
 * The HTTP surface: one class a resource, each a list of routes; problems made in one place; bodies
 * that are bounded.
 *
 * <p>Requests run on virtual threads and call package {@code run}, whose answers and refusals they
 * turn into responses; batch bodies come from package {@code pack}. Nothing here decides a byte of
 * a batch. The only package that knows Helidon.
 */
@NullMarked
package dev.mixwell.http;

import org.jspecify.annotations.NullMarked;
