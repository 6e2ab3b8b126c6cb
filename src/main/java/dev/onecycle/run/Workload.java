package dev.onecycle.run;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The work that a run's time depends on. Equal workloads take equally long on one device.
 *
 * @param architecture the network's label, which names what is not plain about it, too
 * @param stretches in the order they are worked on
 */
public record Workload(String architecture, String precision, List<Stretch> stretches) {

  /** A forward pass is about a third of a training step, which goes back as well. */
  private static final double FORWARD_COST = 1 / 3.0;

  /**
   * Work at one picture size.
   *
   * @param steps how many training steps it has; 0 for work that comes after training
   * @param pictures how many training pictures it is worth
   */
  public record Stretch(int size, long steps, double pictures) {

    /** Returns what is left of it after {@code done} of its steps. */
    private Stretch after(long done) {
      double share = steps == 0 ? 1 : (double) (steps - done) / steps;
      return new Stretch(size, steps - done, pictures * share);
    }
  }

  /**
   * Returns the workload of training by a recipe, with validation after each epoch and an
   * evaluation at the end.
   *
   * @param stepsPerEpoch of each phase
   * @param evaluated how many pictures the evaluation looks at, each view of each counted
   */
  public static Workload training(
      Recipe recipe, List<Integer> stepsPerEpoch, int validPictures, long evaluated) {
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      long steps = (long) phase.totalEpochs() * stepsPerEpoch.get(i);
      double validated = FORWARD_COST * validPictures * phase.totalEpochs();
      stretches.add(
          new Stretch(phase.size(), steps, (double) steps * phase.batchSize() + validated));
    }
    int lastSize = recipe.phases().get(recipe.phases().size() - 1).size();
    stretches.add(new Stretch(lastSize, 0, FORWARD_COST * evaluated));
    return new Workload(recipe.network().label(), word(recipe.precision()), stretches);
  }

  /** Returns the workload of so many steps of a recipe's first phase. */
  public static Workload sweep(Recipe recipe, long steps) {
    Phase phase = recipe.phases().get(0);
    return new Workload(
        recipe.network().label(),
        word(recipe.precision()),
        List.of(new Stretch(phase.size(), steps, (double) steps * phase.batchSize())));
  }

  /** Returns the workload of so many views through a network of that architecture and precision. */
  public static Workload forward(
      String architecture, Recipe.Precision precision, int size, long steps, long views) {
    Stretch all = new Stretch(size, steps, FORWARD_COST * views);
    return new Workload(architecture, word(precision), List.of(all));
  }

  private static String word(Recipe.Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  /** Returns what is left after so many steps of the whole run. */
  public Workload after(long steps) {
    List<Stretch> left = new ArrayList<>();
    long done = steps;
    for (Stretch stretch : stretches) {
      long ofThis = Math.min(done, stretch.steps());
      done -= ofThis;
      left.add(stretch.after(ofThis));
    }
    return new Workload(architecture, precision, left);
  }
}
