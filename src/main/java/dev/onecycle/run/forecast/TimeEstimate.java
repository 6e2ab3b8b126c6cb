package dev.onecycle.run.forecast;

import org.jspecify.annotations.Nullable;

/**
 * The time that a run takes, going by the epochs of earlier ones.
 *
 * @param seconds to its end, if it goes as it mostly went
 * @param low seconds, if it goes as fast as the fastest tenth
 * @param high seconds, if it goes as slowly as the slowest tenth
 * @param device that the earlier ones ran on
 * @param epochs how many earlier ones were looked at
 */
public record TimeEstimate(
    double seconds, double low, double high, @Nullable String device, int epochs) {}
