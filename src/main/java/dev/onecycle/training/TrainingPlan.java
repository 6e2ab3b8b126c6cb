package dev.onecycle.training;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The steps of a recipe on given data, known before the first one.
 *
 * @param stepsPerEpoch of each phase, in order; a last batch of fewer pictures is dropped
 * @param steps of the whole run
 */
public record TrainingPlan(List<Integer> stepsPerEpoch, long steps) {

  /**
   * Plans {@code recipe} on {@code data}.
   *
   * @throws Failure.Invalid if a phase's batch is larger than its training pictures, a fit has
   *     fewer steps than one update needs, or nothing is left to validate with
   */
  public static TrainingPlan of(Recipe recipe, TrainingData data) {
    return of(recipe, phase -> data.train(phase).size(), data.valid(1).size());
  }

  /**
   * Plans as {@link #of(Recipe, TrainingData)}, from numbers alone.
   *
   * @param training how many pictures train in a phase, counted from 1
   * @param validating how many pictures validate
   * @throws Failure.Invalid likewise
   */
  public static TrainingPlan of(Recipe recipe, IntUnaryOperator training, int validating) {
    List<Integer> stepsPerEpoch = new ArrayList<>();
    List<FieldError> errors = new ArrayList<>();
    long steps = 0;
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      int pictures = training.applyAsInt(i + 1);
      if (phase.batchSize() > pictures) {
        String message =
            "batch " + phase.batchSize() + " > " + pictures + " training pictures of the dataset";
        errors.add(
            new FieldError("phases[" + i + "].batchSize", message, phase.batchSize(), pictures));
      }
      int each = pictures / phase.batchSize();
      long shortest =
          Fit.of(phase).stream().mapToLong(fit -> (long) each * fit.epochs()).min().orElse(0);
      if (each > 0 && phase.accumulate() > shortest) {
        String message =
            "accumulate "
                + phase.accumulate()
                + " > "
                + shortest
                + " steps of the phase's shortest fit, which would update nothing";
        errors.add(
            new FieldError("phases[" + i + "].accumulate", message, phase.accumulate(), shortest));
      }
      stepsPerEpoch.add(each);
      steps += (long) each * phase.totalEpochs();
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(
          errors.get(0).message(), "lower batchSize or accumulate, or add pictures", errors);
    }
    if (validating == 0) {
      throw new Failure.Invalid(
          "the dataset has no validation pictures",
          "import it with split {\"strategy\": \"random\"}");
    }
    return new TrainingPlan(List.copyOf(stepsPerEpoch), steps);
  }

  /** Returns the plan of a recipe whose steps are known. */
  static TrainingPlan ofSteps(Recipe recipe, IntUnaryOperator stepsPerEpoch) {
    List<Integer> each =
        IntStream.rangeClosed(1, recipe.phases().size()).map(stepsPerEpoch).boxed().toList();
    long steps = 0;
    for (int i = 0; i < each.size(); i++) {
      steps += (long) each.get(i) * recipe.phases().get(i).totalEpochs();
    }
    return new TrainingPlan(each, steps);
  }

  /** Returns how many steps are done there. */
  public long stepsAt(Recipe recipe, Position position) {
    int phase = position.phase();
    long ofPhase = phase > stepsPerEpoch.size() ? 0 : stepsPerEpoch.get(phase - 1);
    return stepsBefore(recipe, phase) + position.epoch() * ofPhase + position.step();
  }

  /** Returns the step of this plan that is as far as {@code step} of {@code steps}, rounded up. */
  public long asFarAs(long step, long steps) {
    return (step * this.steps + steps - 1) / steps;
  }

  /** Returns how many steps go before {@code phase}, which counts from 1. */
  long stepsBefore(Recipe recipe, int phase) {
    long before = 0;
    for (int i = 0; i < phase - 1; i++) {
      before += (long) stepsPerEpoch.get(i) * recipe.phases().get(i).totalEpochs();
    }
    return before;
  }
}
