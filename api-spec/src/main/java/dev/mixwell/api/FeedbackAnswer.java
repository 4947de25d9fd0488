package dev.mixwell.api;

/**
 * Feedback is recorded and durable.
 *
 * @param repeated whether it had been recorded before
 * @param firstUndecided the first step whose proportions wait for feedback still missing, or upTo +
 *     issueAhead + 1 if that comes first
 */
public record FeedbackAnswer(boolean repeated, long firstUndecided) {}
