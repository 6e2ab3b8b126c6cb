package dev.onecycle.run;

/**
 * An epoch of an earlier run.
 *
 * @param recipe the run's, as JSON
 * @param device that the run is or was on
 */
record PastEpoch(String recipe, String device, EpochRecord result) {}
