package dev.onecycle.work;

import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.training.TrainingListener;

/** The conversion of what a training tells into the records that a run keeps. */
final class TrainingRecords {

  private TrainingRecords() {}

  static StepRecord step(TrainingListener.Step step) {
    return step(step, step.step(), step.steps());
  }

  /** Counts the same step as number {@code number} of {@code steps}. */
  static StepRecord step(TrainingListener.Step step, long number, long steps) {
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

  static EpochRecord epoch(TrainingListener.Epoch epoch) {
    return new EpochRecord(
        epoch.phase(),
        epoch.epoch(),
        epoch.trainLoss(),
        epoch.validLoss(),
        epoch.accuracy(),
        epoch.learningRate(),
        epoch.seconds(),
        epoch.imagesPerSecond(),
        epoch.leaky());
  }
}
