/**
 * Compressed files as streams of plain bytes. The libraries are zstd-jni, Commons Compress, and the
 * JDK's inflater.
 *
 * <p>Depends on nothing of ours. {@link dev.mixwell.store}, {@link dev.mixwell.format} and {@link
 * dev.mixwell.adopt} read through it.
 */
@NullMarked
package dev.mixwell.compress;

import org.jspecify.annotations.NullMarked;
