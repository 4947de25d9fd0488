/**
 * The contract in Java: the records that travel over HTTP as JSON, and the names of the batch's
 * headers.
 *
 * <p>{@code openapi.yaml} beside these classes is the source of truth; a test walks it against the
 * running server. Stands on {@link dev.mixwell.base}.
 */
@NullMarked
package dev.mixwell.api;

import org.jspecify.annotations.NullMarked;
