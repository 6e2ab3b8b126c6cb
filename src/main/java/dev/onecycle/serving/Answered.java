package dev.onecycle.serving;

import dev.onecycle.platform.Failure;

/**
 * How one of several pictures ended; one of both is null.
 *
 * @param failure why there is no prediction
 */
public record Answered(Prediction prediction, Failure failure) {

  /** The prediction; throws the failure where there is none. */
  public Prediction get() {
    if (failure != null) {
      throw failure;
    }
    return prediction;
  }
}
