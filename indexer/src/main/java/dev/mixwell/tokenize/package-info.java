/**
 * From text to token ids: bytes, one of jtokkit's vocabularies, or a Hugging Face {@code
 * tokenizer.json}.
 *
 * <p>{@link dev.mixwell.ingest} calls it from many threads. jtokkit and DJL's tokenizers are used
 * here only.
 */
@NullMarked
package dev.mixwell.tokenize;

import org.jspecify.annotations.NullMarked;
