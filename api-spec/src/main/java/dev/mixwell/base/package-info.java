/**
 * What every module stands on: the problems a caller can meet ({@link
 * dev.mixwell.base.ProblemType}), the refusal that carries one ({@link dev.mixwell.base.Refusal}),
 * how JSON of ours is read and written ({@link dev.mixwell.base.Json}), and what must be the same
 * wherever it is used: {@link dev.mixwell.base.SplitMix64}, {@link dev.mixwell.base.Sha256}, {@link
 * dev.mixwell.base.ForcedFiles}. It depends on nothing of ours, and all else stands on it, {@link
 * dev.mixwell.api} first.
 */
@NullMarked
package dev.mixwell.base;

import org.jspecify.annotations.NullMarked;
