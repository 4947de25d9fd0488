package dev.mixwell.api;

/**
 * What the trainer saw of one group at one step.
 *
 * @param lossSum nats, summed over {@code tokens}
 * @param tokens predicted tokens counted; 0 means that nothing was seen
 */
public record GroupFeedback(double lossSum, long tokens) {}
