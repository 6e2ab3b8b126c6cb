package dev.onecycle.serving;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Tta;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of a prediction.
 *
 * @param views which views are looked at
 * @param combine how they become one answer
 * @param beta weight of the plain view in the mean with augmented ones, 0 to 1
 * @param seed where the views are drawn from
 * @param budget how long {@link ViewChoice#AUTO} may take before it looks at no more views
 * @param topK how many labels the answer has at most, at least 1
 * @param temperature what logits are divided by, above 0; 1 leaves them as they are
 */
public record PredictionOptions(
    ViewChoice views,
    Tta.Combine combine,
    double beta,
    Seed seed,
    @Nullable Duration budget,
    int topK,
    double temperature) {

  /** The plain view's five most probable labels. */
  public static final PredictionOptions DEFAULT =
      new PredictionOptions(ViewChoice.NONE, Tta.Combine.MEAN, Tta.BETA, new Seed(0), null, 5, 1);

  /**
   * Returns the same calibrated for {@code checkpoint}: with the temperature that an evaluation
   * fitted.
   *
   * @throws Failure.Conflict if none did
   */
  public PredictionOptions calibrated(Checkpoint checkpoint) {
    if (checkpoint.temperature() == null) {
      throw new Failure.Conflict(
          "checkpoint " + checkpoint.id() + " has no temperature to calibrate its probabilities",
          "Evaluate a model of it on pictures that it was not trained on: POST"
              + " /api/v1/models/NAME/evaluations.");
    }
    return at(checkpoint.temperature().value());
  }

  /** Returns the same with so many labels in the answer. */
  public PredictionOptions top(int count) {
    return new PredictionOptions(views, combine, beta, seed, budget, count, temperature);
  }

  /** Returns the same at that temperature. */
  public PredictionOptions at(double value) {
    return new PredictionOptions(views, combine, beta, seed, budget, topK, value);
  }
}
