package dev.mixwell.api;

import java.util.Map;

/**
 * One step of the newest attempt's lineage.
 *
 * @param attempt that owns the step
 * @param rows of the step, by group
 * @param losses by feedback kind, then by group: mean loss posted for the step, nats per token
 */
public record HistoryEntry(
    int attempt,
    long step,
    String mixer,
    Map<String, Double> p,
    Map<String, Double> q,
    Map<String, Long> rows,
    Map<FeedbackKind, Map<String, Double>> losses) {}
