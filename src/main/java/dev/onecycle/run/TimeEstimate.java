package dev.onecycle.run;

/**
 * How long a run takes, going by earlier ones.
 *
 * @param seconds of all epochs, with validation
 * @param device that the earlier ones ran on
 * @param epochs how many earlier ones were looked at
 */
public record TimeEstimate(double seconds, String device, int epochs) {}
