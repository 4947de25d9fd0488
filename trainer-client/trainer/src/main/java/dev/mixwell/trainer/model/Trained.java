package dev.mixwell.trainer.model;

import org.jspecify.annotations.Nullable;

/**
 * What an optimizer step saw of its batch, with the model before it.
 *
 * @param losses not weighed
 * @param gram null where the batch's mixer does not go by gradients
 */
public record Trained(TokenLosses losses, @Nullable Gram gram) {}
