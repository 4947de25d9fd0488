/**
 * What every module stands on: the problems a caller can meet ({@link
 * dev.mixwell.base.ProblemType}), the refusal that carries one ({@link dev.mixwell.base.Refusal}),
 * and the one JSON configuration ({@link dev.mixwell.base.Json}). Depends on nothing of ours.
 */
@NullMarked
package dev.mixwell.base;

import org.jspecify.annotations.NullMarked;
