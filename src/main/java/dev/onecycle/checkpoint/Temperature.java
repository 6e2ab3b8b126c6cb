package dev.onecycle.checkpoint;

import jakarta.persistence.Embeddable;
import java.util.UUID;

/**
 * The number that a checkpoint's logits are divided by before their softmax, so that its
 * probabilities mean what they say.
 *
 * @param value above 1 for a network that is too sure of itself
 * @param pictures how many it was fitted on
 * @param run the evaluation that fitted it, which may be deleted by now
 */
@Embeddable
public record Temperature(double value, int pictures, UUID run) {}
