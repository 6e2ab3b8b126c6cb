package dev.onecycle.training;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.dataset.pixels.Split;
import dev.onecycle.image.Normalization;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import java.util.List;

/** An open dataset as a recipe wants it: split once, or anew for each phase as the notebook did. */
public final class SnapshotData implements TrainingData {

  private final DatasetSnapshot snapshot;
  private final Pictures pictures;
  private final Recipe recipe;

  /** Makes data whose pictures are decoded whenever they are asked for. */
  public SnapshotData(DatasetSnapshot snapshot, Recipe recipe) {
    this(snapshot, snapshot.all(), recipe);
  }

  /**
   * Makes data of pictures that are open.
   *
   * @param pictures those of {@code snapshot}, in its order
   */
  public SnapshotData(DatasetSnapshot snapshot, Pictures pictures, Recipe recipe) {
    this.snapshot = snapshot;
    this.pictures = pictures;
    this.recipe = recipe;
  }

  @Override
  public List<String> labels() {
    return snapshot.labels();
  }

  @Override
  public Pictures train(int phase) {
    return pictures.subset(split(phase).train());
  }

  @Override
  public Pictures valid(int phase) {
    return pictures.subset(split(phase).valid());
  }

  /** Returns the number in the dataset of validation picture {@code index} of {@code phase}. */
  public int validImage(int phase, int index) {
    return split(phase).valid()[index];
  }

  private Split split(int phase) {
    return switch (recipe.split()) {
      case DATASET -> snapshot.split();
      case REDRAW_EACH_PHASE -> snapshot.redraw(splits().child(phase));
    };
  }

  private Seed splits() {
    return RandomStream.SPLIT.of(recipe.seed());
  }

  @Override
  public Normalization normalization() {
    return switch (recipe.normalize()) {
      case IMAGENET -> Normalization.imagenet();
      case NONE -> Normalization.none();
      case DATASET -> new Normalization(snapshot.statistics().mean(), snapshot.statistics().std());
    };
  }

  @Override
  public boolean leaky(int phase) {
    return recipe.split() == Recipe.Split.REDRAW_EACH_PHASE && phase > 1;
  }
}
