/**
 * The HTTP surface. Each resource is one class with a list of routes; one place turns refusals into
 * problems; bodies are bounded.
 *
 * <p>Requests run on virtual threads. They call packages {@code serving}, {@code run} and {@code
 * preview}, and turn answers and refusals into responses. Nothing here decides a byte of a batch.
 * The only package that knows Helidon.
 */
@NullMarked
package dev.mixwell.http;

import org.jspecify.annotations.NullMarked;
