/**
 * What every route uses: a {@link dev.mixwell.http.exchange.Route}, and the {@link
 * dev.mixwell.http.exchange.Exchange} in which it answers, with parameters that refuse by name and
 * a bounded body. Knows no run and no listener.
 */
@NullMarked
package dev.mixwell.http.exchange;

import org.jspecify.annotations.NullMarked;
