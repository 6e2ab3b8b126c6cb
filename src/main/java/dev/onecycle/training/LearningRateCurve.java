package dev.onecycle.training;

/**
 * The losses that a sweep of learning rates found.
 *
 * @param learningRates of each step, rising; not copied
 * @param losses the smoothed loss after each of these steps; not copied
 */
public record LearningRateCurve(
    double[] learningRates, double[] losses, LearningRateSuggestion suggestion) {}
