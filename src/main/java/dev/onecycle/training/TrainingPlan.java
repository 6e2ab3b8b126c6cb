package dev.onecycle.training;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * What a recipe comes to on given data: known before the first step.
 *
 * @param stepsPerEpoch of each phase, in order; a last batch of fewer pictures is dropped
 * @param steps of the whole run
 */
public record TrainingPlan(List<Integer> stepsPerEpoch, long steps) {

  /**
   * Plans {@code recipe} on {@code data}.
   *
   * @throws Failure.Invalid if a phase's batch is larger than its training pictures, or nothing is
   *     left to validate with
   */
  public static TrainingPlan of(Recipe recipe, TrainingData data) {
    List<Integer> stepsPerEpoch = new ArrayList<>();
    List<FieldError> errors = new ArrayList<>();
    long steps = 0;
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      int pictures = data.train(i + 1).size();
      if (phase.batchSize() > pictures) {
        String message =
            "batch " + phase.batchSize() + " > " + pictures + " training pictures of the dataset";
        errors.add(
            new FieldError("phases[" + i + "].batchSize", message, phase.batchSize(), pictures));
      }
      int each = pictures / phase.batchSize();
      stepsPerEpoch.add(each);
      steps += (long) each * phase.totalEpochs();
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(
          errors.get(0).message(), "lower the batch size or add pictures", errors);
    }
    if (data.valid(1).size() == 0) {
      throw new Failure.Invalid(
          "the dataset has no validation pictures",
          "import it with split {\"strategy\": \"random\"}");
    }
    return new TrainingPlan(List.copyOf(stepsPerEpoch), steps);
  }
}
