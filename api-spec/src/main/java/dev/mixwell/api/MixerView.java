package dev.mixwell.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mixer in force.
 *
 * @param operation the event that installed it; -1 for the run's first mixer
 * @param version of the update rule
 * @param effectiveStep the first step it acts on
 * @param awaits the feedback without which its steps or boundaries do not close; null for none
 */
public record MixerView(
    String name,
    Map<String, Object> parameters,
    int version,
    long operation,
    long effectiveStep,
    @Nullable FeedbackKind awaits) {}
