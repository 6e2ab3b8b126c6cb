package dev.onecycle.run.history;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.onecycle.checkpoint.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The record of what one epoch achieved. Older rows keep it as JSON with the names of columns.
 *
 * @param phase the fit inside the recipe, from 1
 * @param epoch the epoch inside its phase, from 0 as fastai counts
 * @param trainLoss the smoothed loss of the training batches
 * @param validLoss the mean loss over the validation pictures; null where it was not validated
 * @param accuracy share of the validation pictures told right, 0 to 1, without test-time
 *     augmentation; null likewise
 * @param learningRate the one the epoch ended with
 * @param seconds how long it took, validation included
 * @param imagesPerSecond training pictures a second
 * @param leaky whether it was validated on pictures that an earlier phase trained on
 */
public record EpochRecord(
    int phase,
    int epoch,
    @JsonAlias("train_loss") double trainLoss,
    @JsonAlias("valid_loss") @Nullable Double validLoss,
    @Nullable Double accuracy,
    @JsonAlias("learning_rate") double learningRate,
    double seconds,
    @JsonAlias("images_per_second") double imagesPerSecond,
    boolean leaky) {

  /** Returns whether weights of that origin are this epoch's. */
  public boolean isOf(@Nullable Origin origin) {
    return origin != null && origin.phase() == phase && origin.lastEpoch() == epoch;
  }

  /**
   * Returns whether it is more accurate than {@code other}, or as accurate with a lower loss; one
   * that was not validated never is, and any other is better than such a one.
   */
  public boolean isBetterThan(@Nullable EpochRecord other) {
    if (accuracy == null || validLoss == null) {
      return false;
    }
    if (other == null || other.accuracy == null || other.validLoss == null) {
      return true;
    }
    return accuracy > other.accuracy
        || (accuracy.doubleValue() == other.accuracy && validLoss < other.validLoss);
  }
}
