package dev.mixwell.api;

import java.util.Map;

/**
 * One event of an operator.
 *
 * @param operation its number in the run's timeline; what a deletion names
 * @param kind {@code mixer}, {@code overrides} or {@code skip}
 * @param effectiveStep the first step it acts on
 * @param value what it sets
 * @param at when it was accepted, ISO-8601
 */
public record OperationView(
    long operation,
    String kind,
    long effectiveStep,
    Map<String, Object> value,
    String who,
    String why,
    String at)
    implements RunEvent {}
