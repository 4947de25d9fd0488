/**
 * The contract in Java: what travels over HTTP as JSON, every problem a caller can meet, and the
 * names of the batch's headers.
 *
 * <p>{@code openapi.yaml} beside these classes is the source of truth; a test walks it against the
 * running server. Depends on nothing of ours; everything of ours may depend on it.
 */
@NullMarked
package dev.mixwell.api;

import org.jspecify.annotations.NullMarked;
