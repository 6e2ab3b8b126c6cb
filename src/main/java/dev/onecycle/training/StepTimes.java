package dev.onecycle.training;

import java.util.List;

/**
 * The times that the parts of a training take on one machine, in seconds.
 *
 * @param steps a step in each of a {@link BudgetPlanner}'s stretches, in their order
 * @param validations the validation of an epoch of each phase, with what is kept after it
 * @param end what comes after the last epoch
 */
public record StepTimes(List<Double> steps, List<Double> validations, double end) {

  public StepTimes {
    steps = List.copyOf(steps);
    validations = List.copyOf(validations);
  }

  /**
   * Returns the same on a machine whose steps take so many times as long. What comes after steps is
   * not thought to be faster for that: it may have been measured worse.
   */
  StepTimes times(double factor) {
    double others = Math.max(1, factor);
    return new StepTimes(times(steps, factor), times(validations, others), end * others);
  }

  private static List<Double> times(List<Double> seconds, double factor) {
    return seconds.stream().map(each -> each * factor).toList();
  }
}
