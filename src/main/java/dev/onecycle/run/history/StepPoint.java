package dev.onecycle.run.history;

import static java.util.Objects.requireNonNull;

/**
 * A stretch of steps as one point of a curve. Its smallest and largest loss are kept, so that a
 * spike shows however many steps a point stands for.
 *
 * @param firstStep from 1, counted over the whole run
 * @param lastStep the last one, included
 * @param loss mean over the steps' batches
 * @param minLoss of one batch
 * @param maxLoss of one batch
 * @param trainLoss smoothed, at the last step
 * @param learningRate at the last step
 * @param momentum at the last step
 */
public record StepPoint(
    long firstStep,
    long lastStep,
    double loss,
    double minLoss,
    double maxLoss,
    double trainLoss,
    double learningRate,
    double momentum) {

  /** Makes the stretch of one step that {@linkplain StepRecord#trains trains}. */
  static StepPoint of(StepRecord step) {
    double loss = requireNonNull(step.batchLoss());
    return new StepPoint(
        step.step(),
        step.step(),
        loss,
        loss,
        loss,
        requireNonNull(step.loss()),
        requireNonNull(step.learningRate()),
        requireNonNull(step.momentum()));
  }

  long steps() {
    return lastStep - firstStep + 1;
  }

  /** This and the stretch that follows as one. */
  StepPoint with(StepPoint next) {
    return new StepPoint(
        firstStep,
        Math.max(lastStep, next.lastStep),
        (loss * steps() + next.loss * next.steps()) / (steps() + next.steps()),
        Math.min(minLoss, next.minLoss),
        Math.max(maxLoss, next.maxLoss),
        next.trainLoss,
        next.learningRate,
        next.momentum);
  }
}
