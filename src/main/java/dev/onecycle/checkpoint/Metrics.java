package dev.onecycle.checkpoint;

/**
 * How good the weights were on the validation split when they were kept; null where not measured.
 *
 * @param accuracy share of pictures predicted rightly, 0 to 1, without test-time augmentation
 * @param ttaAccuracy the same with it
 */
public record Metrics(Double trainLoss, Double validLoss, Double accuracy, Double ttaAccuracy) {

  Metrics withTta(double other) {
    return new Metrics(trainLoss, validLoss, accuracy, other);
  }
}
