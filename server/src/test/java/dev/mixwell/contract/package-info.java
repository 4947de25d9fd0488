/**
 * The running server and {@code openapi.yaml} say the same; and what is made of that document:
 * requests that are nearly right, and which of its operations README.md walks through.
 */
@NullMarked
package dev.mixwell.contract;

import org.jspecify.annotations.NullMarked;
