/**
 * An index out: documents are tokenized and written into shards, their entries into the catalog,
 * and the whole is published by one rename.
 *
 * <p>{@link dev.mixwell.writing.IndexOutput} is the index that is being made, {@link
 * dev.mixwell.writing.StagedDirectory} its folder until it is whole. {@link dev.mixwell.ingest} and
 * {@link dev.mixwell.adopt} write through it.
 */
@NullMarked
package dev.mixwell.writing;

import org.jspecify.annotations.NullMarked;
