package dev.onecycle.run.output;

/**
 * A picture whose label a check doubts.
 *
 * @param picture its number in the dataset
 * @param given the position of its label among those of the check
 * @param likely that of the label that is more likely
 * @param givenProbability of the label that it has, 0 to 1
 * @param likelyProbability of the likely one, 0 to 1
 * @param reason why, a word of up to 12 letters
 */
public record LabelDoubt(
    int picture,
    int given,
    int likely,
    double givenProbability,
    double likelyProbability,
    String reason) {}
