package dev.onecycle.training;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The times that pictures take on one machine, in seconds each, by their side. Where one was not
 * measured it follows from the nearest that was: a picture costs as its area, and to look at it a
 * third of what it is to learn from it.
 */
public final class PictureTimes {

  private static final double FORWARD_COST = 1 / 3.0;

  private final TreeMap<Integer, Double> training;
  private final Map<Integer, Double> seen;
  private final double cold;

  /**
   * @param training of a step's pictures; at least one
   * @param seen of a forward pass's pictures
   * @param cold seconds more that the first batch of a new network takes
   */
  public PictureTimes(Map<Integer, Double> training, Map<Integer, Double> seen, double cold) {
    this.training = new TreeMap<>(training);
    this.seen = Map.copyOf(seen);
    this.cold = cold;
  }

  /** Returns how long a picture of a training step takes. */
  double training(int size) {
    Map.Entry<Integer, Double> nearest = training.floorEntry(size);
    if (nearest == null) {
      nearest = training.firstEntry();
    }
    double scale = (double) size / nearest.getKey();
    return nearest.getValue() * scale * scale;
  }

  /** Returns how long a picture of a forward pass takes. */
  double seen(int size) {
    Double measured = seen.get(size);
    return measured == null ? FORWARD_COST * training(size) : measured;
  }

  /**
   * Returns what a planner goes by. Two networks are new at the end: the one that validates for the
   * first time, perhaps, and the one that is evaluated.
   *
   * @param valid how many pictures validate
   * @param views how many views of each the evaluation needs
   * @param end seconds that come after these
   */
  public StepTimes steps(BudgetPlanner planner, int valid, int views, double end) {
    Recipe recipe = planner.recipe();
    List<Double> steps = planner.stretches().stream().map(this::step).toList();
    List<Double> validations =
        recipe.phases().stream().map(phase -> valid * seen(phase.size())).toList();
    Phase last = recipe.phases().get(recipe.phases().size() - 1);
    return new StepTimes(steps, validations, valid * views * seen(last.size()) + 2 * cold + end);
  }

  private double step(Stretch in) {
    return in.batchSize() * training(in.size());
  }
}
