package dev.onecycle.training;

import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.Split;
import dev.onecycle.recipe.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a dataset that are known without opening it: enough to plan a run.
 *
 * @param labels with their pictures in each part of the dataset's own split
 * @param pictures all of them, in the split or not
 * @param validFraction share that validates where a split is drawn anew
 * @param medianSide half of the pictures are at most this on their shorter side, in pixels; null if
 *     that is unknown
 */
public record DataFacts(
    List<LabelCount> labels, int pictures, double validFraction, @Nullable Integer medianSide) {

  /** Returns how many pictures train in each phase of {@code recipe}. */
  public int trainPictures(Recipe recipe) {
    return switch (recipe.split()) {
      case DATASET -> labels.stream().mapToInt(LabelCount::train).sum();
      case REDRAW_EACH_PHASE -> pictures - drawn();
    };
  }

  /** Returns how many pictures validate in each phase of {@code recipe}. */
  public int validPictures(Recipe recipe) {
    return switch (recipe.split()) {
      case DATASET -> labels.stream().mapToInt(LabelCount::valid).sum();
      case REDRAW_EACH_PHASE -> drawn();
    };
  }

  private int drawn() {
    return Split.validCount(pictures, validFraction);
  }

  /** Returns the class names in the order of the logits. */
  public List<String> names() {
    return labels.stream().map(LabelCount::name).toList();
  }
}
