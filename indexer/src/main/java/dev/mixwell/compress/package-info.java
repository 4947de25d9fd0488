/**
 * Compressed files as streams of plain bytes, by the libraries that know how: zstd-jni, Commons
 * Compress, and the JDK's inflater.
 */
@NullMarked
package dev.mixwell.compress;

import org.jspecify.annotations.NullMarked;
