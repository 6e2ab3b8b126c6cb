package dev.onecycle.work.labels;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Recipe;

/**
 * The request of a run of kind {@code label-check}, beside its dataset.
 *
 * @param folds how many trainings, each of which leaves out a part of the pictures, 2 to 10
 * @param recipe of each of them
 */
public record LabelCheckOptions(int folds, Recipe recipe) {

  private static final int FEWEST = 2;
  private static final int MOST = 10;

  /**
   * @throws Failure.Invalid for folds out of their limits, or a recipe that ends early: it would
   *     look at the labels that are checked
   */
  public LabelCheckOptions {
    if (folds < FEWEST || folds > MOST) {
      String message =
          folds < FEWEST ? folds + " < minimum " + FEWEST : folds + " > maximum " + MOST;
      throw Failure.Invalid.field("folds", message, folds, folds < FEWEST ? FEWEST : MOST);
    }
    if (recipe.earlyStopping() != null) {
      String message = "must be null: it would look at the labels that are checked";
      throw Failure.Invalid.field("recipe.earlyStopping", message, null, null);
    }
  }
}
