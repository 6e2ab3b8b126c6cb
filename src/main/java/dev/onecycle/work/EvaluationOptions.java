package dev.onecycle.work;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.platform.Seed;
import dev.onecycle.serving.PredictionOptions;

/**
 * The request of a run of kind {@code evaluate}, beside its dataset and checkpoint.
 *
 * @param model the name that was asked, which may serve another checkpoint by now
 * @param split which of the dataset's pictures
 * @param tta what test-time augmentation is evaluated beside the plain view
 */
public record EvaluationOptions(String model, SplitChoice split, ViewChoice tta) {

  /** Returns the options of predictions that ask for nothing else. */
  PredictionOptions options(long seed) {
    PredictionOptions absent = PredictionOptions.DEFAULT;
    return new PredictionOptions(
        tta,
        absent.combine(),
        absent.beta(),
        new Seed(seed),
        absent.budget(),
        1,
        absent.temperature());
  }
}
