package dev.mixwell.api;

/**
 * Feedback is recorded and durable.
 *
 * @param repeated whether it had been recorded before
 * @param firstUndecided the first step whose proportions wait for feedback still missing
 */
public record FeedbackAnswer(boolean repeated, long firstUndecided) {}
