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

  /** Before this share of the epochs no trials are compared. */
  private static final double FIRST_SHARE = 1 / 3.0;

  static final SearchPlan NONE = new SearchPlan(Map.of(), 0, 2, List.of(), Metric.ACCURACY, 0);

  public SearchPlan {
    space = new TreeMap<>(space);
    rungs = List.copyOf(rungs);
  }

  /**
   * Returns the rungs of successive halving ("Non-stochastic Best Arm Identification and
   * Hyperparameter Optimization", Jamieson and Talwalkar, 2016), from a third of the epochs on,
   * each later than the one before by one factor. They are one fewer than there, so that about
   * {@code reduction} trials come to the end and whole trainings decide.
   *
   * <p>Earlier comparisons mislead: while one-cycle's learning rate still rises the smallest rates
   * look best, and only at its end do the best of the large ones pass them.
   *
   * @param epochs of the whole recipe
   */
  static List<Integer> rungs(int trials, int reduction, int epochs) {
    int halvings = 0;
    for (long left = trials; left >= reduction; left /= reduction) {
      halvings++;
    }
    List<Integer> rungs = new ArrayList<>();
    if (halvings > 0) {
      int comparisons = Math.max(1, halvings - 1);
      for (int k = comparisons; k > 0; k--) {
        double share = Math.pow(FIRST_SHARE, (double) k / comparisons);
        int rung = (int) Math.round(Math.max(1, epochs * share));
        if (rung < epochs && (rungs.isEmpty() || rung > rungs.get(rungs.size() - 1))) {
          rungs.add(rung);
        }
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
