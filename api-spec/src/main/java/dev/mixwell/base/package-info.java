/**
 * What every module stands on: the problems a caller can meet ({@link
 * dev.mixwell.base.ProblemType}), the refusal that carries one ({@link dev.mixwell.base.Refusal}),
 * the one JSON configuration ({@link dev.mixwell.base.Json}), and what must be the same wherever it
 * is used: {@link dev.mixwell.base.SplitMix64}, {@link dev.mixwell.base.Sha256}, {@link
 * dev.mixwell.base.ForcedFiles}. It depends on nothing of ours.
 */
@NullMarked
package dev.mixwell.base;

import org.jspecify.annotations.NullMarked;
