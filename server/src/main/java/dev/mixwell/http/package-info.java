/**
 * The listener: where the server listens, which connections are kept, and the one place that turns
 * failures into problems.
 *
 * <p>{@link dev.mixwell.http.HttpServer} binds what package {@code http.routes} answers, and hands
 * each request, on a virtual thread of its own, to its route as an exchange of package {@code
 * http.exchange}. Every limit of connections, heads and bodies is set here. Only these three
 * packages know Helidon.
 */
@NullMarked
package dev.mixwell.http;

import org.jspecify.annotations.NullMarked;
