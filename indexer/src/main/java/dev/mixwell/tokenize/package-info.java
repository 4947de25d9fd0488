/**
 * From text to token ids: bytes, one of jtokkit's vocabularies, or a Hugging Face {@code
 * tokenizer.json}.
 *
 * <p>{@link dev.mixwell.ingest} calls it from many threads. The only package that knows jtokkit and
 * Hugging Face.
 */
@NullMarked
package dev.mixwell.tokenize;

import org.jspecify.annotations.NullMarked;
