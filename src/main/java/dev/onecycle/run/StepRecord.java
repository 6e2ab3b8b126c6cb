package dev.onecycle.run;

import dev.onecycle.training.TrainingListener;

/**
 * Where training is after one step.
 *
 * @param phase the fit inside the recipe, from 1
 * @param epoch the epoch inside its phase, from 0
 * @param epochs how many the phase has
 * @param step steps done in the whole run
 * @param steps how many the whole run has
 * @param loss the smoothed training loss
 * @param batchLoss of this step's batch alone
 * @param imagesPerSecond training pictures a second, lately
 */
public record StepRecord(
    int phase,
    int epoch,
    int epochs,
    long step,
    long steps,
    double loss,
    double batchLoss,
    double learningRate,
    double momentum,
    double imagesPerSecond) {

  static StepRecord of(TrainingListener.Step step) {
    return of(step, step.step(), step.steps());
  }

  /** The same as step {@code number} of {@code steps}. */
  static StepRecord of(TrainingListener.Step step, long number, long steps) {
    return new StepRecord(
        step.phase(),
        step.epoch(),
        step.epochs(),
        number,
        steps,
        step.trainLoss(),
        step.loss(),
        step.learningRate(),
        step.momentum(),
        step.imagesPerSecond());
  }
}
