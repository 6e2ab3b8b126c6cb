package dev.onecycle.training;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * The steps of a recipe on given data, known before the first one.
 *
 * @param phases the stretches of each phase, in order
 * @param steps of the whole run
 */
public record TrainingPlan(List<List<Part>> phases, long steps) {

  /**
   * Some epochs of as many steps; a last batch of fewer pictures is dropped.
   *
   * @param epochs how many
   * @param stepsPerEpoch of each
   */
  public record Part(int epochs, int stepsPerEpoch) {}

  /** Makes the plan of phases of such parts. */
  public TrainingPlan(List<List<Part>> phases) {
    this(
        phases,
        phases.stream()
            .flatMap(List::stream)
            .mapToLong(part -> (long) part.epochs * part.stepsPerEpoch)
            .sum());
  }

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
    List<FieldError> errors = new ArrayList<>();
    List<List<Part>> phases = new ArrayList<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      phases.add(parts(recipe.phases().get(i), i, training.applyAsInt(i + 1), errors));
    }
    TrainingPlan plan = new TrainingPlan(List.copyOf(phases));
    plan.requireUpdates(recipe, errors);
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(
          errors.get(0).message(), "lower batchSize or accumulate, or add pictures", errors);
    }
    if (validating == 0) {
      throw new Failure.Invalid(
          "the dataset has no validation pictures",
          "import it with split {\"strategy\": \"random\"}");
    }
    return plan;
  }

  private static List<Part> parts(Phase phase, int index, int pictures, List<FieldError> errors) {
    List<Part> parts = new ArrayList<>();
    for (Stretch stretch : phase.stretches()) {
      if (stretch.batchSize() > pictures) {
        String path =
            phase.plan().isEmpty()
                ? "phases[%d].batchSize".formatted(index)
                : "phases[%d].plan[%d].batchSize".formatted(index, parts.size());
        String message =
            "batch " + stretch.batchSize() + " > " + pictures + " training pictures of the dataset";
        errors.add(new FieldError(path, message, stretch.batchSize(), pictures));
      }
      parts.add(new Part(stretch.epochs(), pictures / stretch.batchSize()));
    }
    return List.copyOf(parts);
  }

  private void requireUpdates(Recipe recipe, List<FieldError> errors) {
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      long shortest = Long.MAX_VALUE;
      int begin = 0;
      for (Fit fit : Fit.of(phase)) {
        shortest = Math.min(shortest, stepsOf(i + 1, begin, begin + fit.epochs()));
        begin += fit.epochs();
      }
      if (shortest > 0 && phase.accumulate() > shortest) {
        String message =
            "accumulate "
                + phase.accumulate()
                + " > "
                + shortest
                + " steps of the phase's shortest fit, which would update nothing";
        errors.add(
            new FieldError("phases[" + i + "].accumulate", message, phase.accumulate(), shortest));
      }
    }
  }

  /**
   * Returns the plan of a recipe whose steps are known.
   *
   * @param stepsPerEpoch of a phase from 1 and its epoch from 0
   */
  static TrainingPlan ofSteps(Recipe recipe, IntBinaryOperator stepsPerEpoch) {
    List<List<Part>> phases = new ArrayList<>();
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      List<Part> parts = new ArrayList<>();
      int begin = 0;
      for (Stretch stretch : recipe.phases().get(phase - 1).stretches()) {
        parts.add(new Part(stretch.epochs(), stepsPerEpoch.applyAsInt(phase, begin)));
        begin += stretch.epochs();
      }
      phases.add(List.copyOf(parts));
    }
    return new TrainingPlan(List.copyOf(phases));
  }

  /** Returns how many steps are done there. */
  public long stepsAt(Position position) {
    int phase = position.phase();
    long ofPhase = phase > phases.size() ? 0 : stepsOf(phase, 0, position.epoch());
    return stepsBefore(phase) + ofPhase + position.step();
  }

  /** Returns the step of this plan that is as far as {@code step} of {@code steps}, rounded up. */
  public long asFarAs(long step, long steps) {
    return (step * this.steps + steps - 1) / steps;
  }

  /** Returns how many steps go before {@code phase}, which counts from 1. */
  long stepsBefore(int phase) {
    long before = 0;
    for (int earlier = 1; earlier < phase; earlier++) {
      before += stepsOf(earlier, 0, Integer.MAX_VALUE);
    }
    return before;
  }

  /**
   * Returns how many steps some epochs of a phase have.
   *
   * @param phase from 1
   * @param from the first epoch, from 0
   * @param to the first that is not meant any more
   */
  long stepsOf(int phase, int from, int to) {
    long steps = 0;
    int begin = 0;
    for (Part part : phases.get(phase - 1)) {
      int end = begin + part.epochs;
      steps += (long) Math.max(0, Math.min(to, end) - Math.max(from, begin)) * part.stepsPerEpoch;
      begin = end;
    }
    return steps;
  }

  /** Returns how many steps an epoch of a phase has; both count as positions do. */
  public int stepsPerEpoch(int phase, int epoch) {
    List<Part> parts = phases.get(phase - 1);
    int end = 0;
    for (Part part : parts) {
      end += part.epochs;
      if (epoch < end) {
        return part.stepsPerEpoch;
      }
    }
    return parts.get(parts.size() - 1).stepsPerEpoch;
  }
}
