package dev.mixwell.trainer;

import java.util.Map;

/**
 * One step as it went.
 *
 * @param loss nats a token over all groups, before the step
 * @param shares of each group in the step's tokens
 */
public record StepReport(
    long step, double loss, double tokensPerSecond, Map<String, Double> shares) {}
