package dev.onecycle.training;

import dev.onecycle.dataset.pixels.ChannelStatistics;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.dataset.pixels.Split;
import dev.onecycle.image.Normalization;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An open dataset as a recipe wants it: split once, or anew for each phase as the notebook did. */
public final class SnapshotData implements TrainingData {

  private final DatasetSnapshot snapshot;
  private final Pictures pictures;
  private final Recipe recipe;
  private final @Nullable Normalization start;

  /** Makes data whose pictures are decoded whenever they are asked for. */
  public SnapshotData(DatasetSnapshot snapshot, Recipe recipe) {
    this(snapshot, snapshot.all(), recipe, null);
  }

  /**
   * Makes data of pictures that are open.
   *
   * @param pictures those of {@code snapshot}, in its order
   * @param start what the pictures were normalised by of the checkpoint that training starts from,
   *     or null
   */
  public SnapshotData(
      DatasetSnapshot snapshot, Pictures pictures, Recipe recipe, @Nullable Normalization start) {
    this.snapshot = snapshot;
    this.pictures = pictures;
    this.recipe = recipe;
    this.start = start;
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
    return normalization(recipe, snapshot.statistics(), start);
  }

  /**
   * Returns what a recipe normalises pictures by.
   *
   * @param statistics the dataset's
   * @param start what it was for the checkpoint that training starts from, or null
   * @throws Failure.Invalid if the recipe wants that, and there is none
   */
  public static Normalization normalization(
      Recipe recipe, ChannelStatistics statistics, @Nullable Normalization start) {
    return switch (recipe.normalize()) {
      case IMAGENET -> Normalization.imagenet();
      case NONE -> Normalization.none();
      case DATASET -> new Normalization(statistics.mean(), statistics.std());
      case CHECKPOINT -> {
        if (start == null) {
          String message = "is missing: normalize checkpoint takes over that of a checkpoint";
          throw Failure.Invalid.field("from", message, null, null);
        }
        yield start;
      }
    };
  }

  @Override
  public boolean leaky(int phase) {
    return recipe.split() == Recipe.Split.REDRAW_EACH_PHASE && phase > 1;
  }
}
