package dev.mixwell.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step holds and who decided it.
 *
 * @param attempt the attempt that owns the step
 * @param p by group: what the mixer says
 * @param q by group: what is sampled
 * @param rows by group: rows of this step
 * @param rowsBefore by group: rows of all steps before it
 * @param lossWeights by group, where the mixer weighs losses
 * @param evaluateAfter whether validation losses are due once this step is trained; it can still
 *     change
 */
public record PlanAnswer(
    int attempt,
    long step,
    MixerView mixer,
    Map<String, Double> p,
    Map<String, Double> q,
    Map<String, Long> rows,
    Map<String, Long> rowsBefore,
    @Nullable Map<String, Double> lossWeights,
    boolean evaluateAfter) {}
