package dev.onecycle.training;

import dev.onecycle.network.StateDict;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listener to a training's progress, on the thread that trains; what it throws ends the run. */
public interface TrainingListener {

  /**
   * One step. Losses are read from the device every few steps, so those steps are told together.
   *
   * @param phase from 1
   * @param epoch inside its phase, from 0
   * @param epochs how many the phase has
   * @param step steps done in the whole run
   * @param steps how many the whole run has
   * @param loss of this step's batch
   * @param trainLoss smoothed over the fit so far
   * @param imagesPerSecond training pictures per second, lately
   */
  record Step(
      int phase,
      int epoch,
      int epochs,
      long step,
      long steps,
      double loss,
      double trainLoss,
      double learningRate,
      double momentum,
      double imagesPerSecond) {}

  /**
   * The result of an epoch.
   *
   * @param phase from 1
   * @param epoch inside its phase, from 0
   * @param trainLoss smoothed over the fit so far
   * @param validLoss mean over the validation pictures; null where the epoch was not validated
   * @param accuracy share of the validation pictures classified correctly, without test-time
   *     augmentation; null likewise
   * @param learningRate of the last group's last step
   * @param seconds with validation
   * @param imagesPerSecond training pictures per second
   * @param dataWaitSeconds how long training waited for pictures
   * @param leaky whether an earlier phase trained on some of the validation pictures
   * @param last whether the training ends with it
   */
  record Epoch(
      int phase,
      int epoch,
      double trainLoss,
      @Nullable Double validLoss,
      @Nullable Double accuracy,
      double learningRate,
      double seconds,
      double imagesPerSecond,
      double dataWaitSeconds,
      boolean leaky,
      boolean last) {}

  void onStep(Step step);

  /**
   * Hears that an epoch has ended.
   *
   * @param weights gives a copy of the weights that validation judges; to be asked before this
   *     returns
   */
  void onEpoch(Epoch epoch, Supplier<StateDict> weights);
}
