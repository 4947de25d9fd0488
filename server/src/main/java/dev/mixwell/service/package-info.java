/**
 * The two planes joined: the runs of a data directory over the index that a server holds. Package
 * {@code run} says which rows a step holds, {@code group} and {@code pack} turn them into bytes;
 * package {@code http} is the only caller.
 */
@NullMarked
package dev.mixwell.service;

import org.jspecify.annotations.NullMarked;
