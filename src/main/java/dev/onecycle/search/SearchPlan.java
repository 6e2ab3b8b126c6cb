package dev.onecycle.search;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * How a search goes on: what its trials draw, and when they are compared.
 *
 * @param space the fields of the recipe that trials differ in, by path
 * @param trials how many there are
 * @param reduction of so many trials one goes on from a rung to the next
 * @param rungs after how many epochs trials are compared, ascending; the last is the whole recipe
 * @param metric what they are compared by
 * @param seed where every draw starts from
 */
public record SearchPlan(
    Map<String, Range> space,
    int trials,
    int reduction,
    List<Integer> rungs,
    Metric metric,
    long seed) {

  static final SearchPlan NONE = new SearchPlan(Map.of(), 0, 2, List.of(), Metric.ACCURACY, 0);

  public SearchPlan {
    space = new TreeMap<>(space);
    rungs = List.copyOf(rungs);
  }

  /**
   * Returns the rungs of successive halving ("Non-stochastic Best Arm Identification and
   * Hyperparameter Optimization", Jamieson and Talwalkar, 2016): the first as low as it lets one
   * trial of all come to the end.
   *
   * @param epochs of the whole recipe
   */
  static List<Integer> rungs(int trials, int reduction, int epochs) {
    int halvings = 0;
    for (long left = trials; left >= reduction; left /= reduction) {
      halvings++;
    }
    List<Integer> rungs = new ArrayList<>();
    for (int k = halvings; k > 0; k--) {
      int rung = (int) Math.round(Math.max(1, epochs / Math.pow(reduction, k)));
      if (rung < epochs && (rungs.isEmpty() || rung > rungs.get(rungs.size() - 1))) {
        rungs.add(rung);
      }
    }
    rungs.add(epochs);
    return rungs;
  }

  /**
   * @throws Failure.Invalid naming each range that is none
   */
  static void check(Map<String, Range> space) {
    List<FieldError> errors = new ArrayList<>();
    space.forEach((path, range) -> range.check("space[" + path + "]", errors));
    Settings.refuse(errors);
  }

  /** Returns the fields of one trial, by path: a function of the seed and its number. */
  public Map<String, Object> draw(int trial) {
    RandomGenerator random = new Seed(seed).child(trial).generator();
    Map<String, Object> drawn = new TreeMap<>();
    space.forEach((path, range) -> drawn.put(path, range.draw(random)));
    return drawn;
  }
}
