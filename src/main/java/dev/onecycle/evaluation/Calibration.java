package dev.onecycle.evaluation;

/**
 * The calibration of a network's probabilities: whether they mean what they say, after "On
 * Calibration of Modern Neural Networks" (Guo et al., 2017).
 *
 * @param error expected calibration error of the probabilities as they are, 0 to 1
 * @param temperature what to divide logits by so that the mean cross-entropy is smallest; above 1
 *     for a network that is too sure of itself
 * @param calibratedError expected calibration error once divided
 */
public record Calibration(double error, double temperature, double calibratedError) {

  private static final int BINS = 15;

  /** Where the search ends: without a single wrong answer, the best temperature would be 0. */
  static final double COLDEST = 0.05;

  static final double HOTTEST = 20;

  /** Measures {@code answers} and fits the temperature to them. */
  public static Calibration of(LabelledLogits answers) {
    double temperature = temperature(answers);
    return new Calibration(error(answers, 1), temperature, error(answers, temperature));
  }

  /**
   * Returns the expected calibration error: {@code sum_b n_b/n * |accuracy_b - confidence_b|} over
   * 15 bins of equal width, where a picture's confidence is the probability of its predicted label.
   */
  static double error(LabelledLogits answers, double temperature) {
    double[] surplus = new double[BINS];
    for (int i = 0; i < answers.size(); i++) {
      int predicted = answers.predicted(i);
      double confidence = answers.probability(i, predicted, 1 / temperature);
      int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(confidence * BINS) - 1));
      surplus[bin] += confidence - (predicted == answers.labels()[i] ? 1 : 0);
    }
    double sum = 0;
    for (double bin : surplus) {
      sum += Math.abs(bin);
    }
    return sum / answers.size();
  }

  /**
   * Bisects for the root of the loss's slope: the mean cross-entropy is convex in 1/temperature.
   */
  private static double temperature(LabelledLogits answers) {
    double low = 1 / HOTTEST;
    double high = 1 / COLDEST;
    for (int halving = 0; halving < 50; halving++) {
      double middle = (low + high) / 2;
      if (slope(answers, middle) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 2 / (low + high);
  }

  /** Computes {@code d/ds sum(logSumExp(s * logits) - s * logits[label])}. */
  private static double slope(LabelledLogits answers, double scale) {
    double slope = 0;
    for (int i = 0; i < answers.size(); i++) {
      double logSumExp = answers.logSumExp(i, scale);
      for (int k = 0; k < answers.classes(); k++) {
        double logit = answers.logit(i, k);
        slope += logit * Math.exp(scale * logit - logSumExp);
      }
      slope -= answers.logit(i, answers.labels()[i]);
    }
    return slope;
  }
}
