package dev.onecycle.training;

import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.data.ViewDraws;

/**
 * The random draws for the training pictures of one epoch.
 *
 * @param order a permutation of them
 * @param drawing how each of them is changed
 */
record EpochDraws(int[] order, ViewDraws drawing) {

  /**
   * Returns the draws of an epoch, a function of the recipe and the epoch alone.
   *
   * @param pictures how many there are
   * @param phase from 1
   * @param epoch inside its phase, from 0
   */
  static EpochDraws of(Recipe recipe, int pictures, int phase, int epoch) {
    int epochOfRun = recipe.epochsBefore(phase) + epoch;
    Seed order = RandomStream.ORDER.of(recipe.seed()).child(epochOfRun);
    Seed views = RandomStream.VIEWS.of(recipe.seed()).child(epochOfRun);
    ViewDraws drawing = ViewDraws.augmented(recipe.augmentation(), recipe.itemSize(), views);
    if (recipe.augmentation().alternateFlip()) {
      Seed flips = RandomStream.FLIPS.of(recipe.seed());
      drawing = drawing.alternating(recipe.augmentation(), flips, epochOfRun);
    }
    return new EpochDraws(Shuffle.of(pictures, order.generator()), drawing);
  }
}
