package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome for one of several pictures; one of both is null.
 *
 * @param failure why there is no prediction
 */
public record PredictionOutcome(@Nullable Prediction prediction, @Nullable Failure failure) {

  /**
   * Returns the prediction.
   *
   * @throws Failure that there is instead
   */
  public Prediction get() {
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(prediction);
  }
}
