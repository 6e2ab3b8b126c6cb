package dev.onecycle.run.history;

import org.jspecify.annotations.Nullable;

/**
 * The record of where a run is after one step. What only training has is null in other works.
 *
 * @param phase the fit inside the recipe, from 1
 * @param epoch the epoch inside its phase, from 0
 * @param epochs how many the phase has
 * @param step steps done in the whole run
 * @param steps how many the whole run has
 * @param loss the smoothed training loss
 * @param batchLoss of this step's batch alone
 * @param imagesPerSecond pictures a second, lately
 */
public record StepRecord(
    int phase,
    int epoch,
    int epochs,
    long step,
    long steps,
    @Nullable Double loss,
    @Nullable Double batchLoss,
    @Nullable Double learningRate,
    @Nullable Double momentum,
    double imagesPerSecond) {

  /** Returns a step of a work that does not train. */
  public static StepRecord counted(long step, long steps, double imagesPerSecond) {
    return new StepRecord(1, 0, 1, step, steps, null, null, null, null, imagesPerSecond);
  }

  /** Returns whether it belongs into a curve of losses. */
  public boolean trains() {
    return loss != null;
  }
}
