package dev.onecycle.work;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.platform.Seed;
import dev.onecycle.serving.PredictionOptions;

/**
 * What a run of kind {@code evaluate} is asked for beside its dataset and checkpoint.
 *
 * @param model the name that was asked, which may serve another checkpoint by now
 * @param split which of the dataset's pictures
 * @param tta what test-time augmentation is evaluated beside the plain view
 */
public record EvaluationOptions(String model, SplitChoice split, ViewChoice tta) {

  /** Combined as predictions are that ask for nothing else. */
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
