package dev.mixwell.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt, newly opened or opened before by the same launch.
 *
 * @param attempt its number: the fencing token, and what a checkpoint stores
 * @param evaluateFirst whether the mixer waits for validation losses at {@code fromStep}
 * @param bypassed operations of other attempts that do not apply to this one, for the operator to
 *     look at
 */
public record AttemptAnswer(
    int attempt,
    long fromStep,
    int world,
    @Nullable Integer parent,
    boolean evaluateFirst,
    List<OperationView> bypassed) {}
