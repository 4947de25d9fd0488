package dev.mixwell.api;

import java.util.Map;

/**
 * A mixer in force.
 *
 * @param operation the event that installed it; -1 for the run's first mixer
 * @param version of the update rule
 * @param effectiveStep the first step it acts on
 */
public record MixerView(
    String name, Map<String, Object> parameters, int version, long operation, long effectiveStep) {}
