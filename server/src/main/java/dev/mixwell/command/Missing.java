package dev.mixwell.command;

import dev.mixwell.api.FeedbackKind;
import java.util.List;

/**
 * Why a step is undecided.
 *
 * @param step whose feedback is missing
 * @param ranks that have not posted; empty for validation, which has no rank
 */
public record Missing(FeedbackKind kind, long step, List<Integer> ranks) {}
