/**
 * Compressed files as streams of plain bytes. The libraries are zstd-jni, Commons Compress, and the
 * JDK's inflater.
 *
 * <p>Stands on {@link dev.mixwell.base}. {@link dev.mixwell.manifest} records how a shard is
 * compressed; {@link dev.mixwell.store}, {@link dev.mixwell.lines}, {@link dev.mixwell.format},
 * {@link dev.mixwell.format.reader} and {@link dev.mixwell.adopt} read through it.
 */
@NullMarked
package dev.mixwell.compress;

import org.jspecify.annotations.NullMarked;
