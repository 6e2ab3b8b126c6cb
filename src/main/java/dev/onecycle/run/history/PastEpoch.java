package dev.onecycle.run.history;

import org.jspecify.annotations.Nullable;

/**
 * An epoch of an earlier run.
 *
 * @param workload the run's, as JSON
 * @param device that the run is or was on
 */
public record PastEpoch(
    String workload, @Nullable String device, int phase, int epoch, double imagesPerSecond) {}
