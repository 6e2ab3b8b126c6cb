package dev.onecycle.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * The quality of the weights on the validation split when they were kept; null where not measured.
 *
 * @param accuracy share of pictures predicted rightly, 0 to 1, without test-time augmentation
 * @param ttaAccuracy the same with it
 */
public record Metrics(
    @Nullable Double trainLoss,
    @Nullable Double validLoss,
    @Nullable Double accuracy,
    @Nullable Double ttaAccuracy) {

  /** Returns {@code others}, which may be null, with an accuracy with test-time augmentation. */
  static Metrics withTta(@Nullable Metrics others, double ttaAccuracy) {
    return others == null
        ? new Metrics(null, null, null, ttaAccuracy)
        : new Metrics(others.trainLoss, others.validLoss, others.accuracy, ttaAccuracy);
  }
}
