/**
 * From text to token ids: bytes, or one of jtokkit's vocabularies.
 *
 * <p>{@link dev.mixwell.ingest} calls it from many threads. jtokkit is used here only.
 */
@NullMarked
package dev.mixwell.tokenize;

import org.jspecify.annotations.NullMarked;
