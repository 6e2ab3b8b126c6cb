package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Run;
import dev.onecycle.run.Runs;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The pictures that a checkpoint's weights were trained on, as far as this service knows. */
@Component
class TrainedPictures {

  private final Runs runs;
  private final Datasets datasets;
  private final CheckpointStore checkpoints;

  TrainedPictures(Runs runs, Datasets datasets, CheckpointStore checkpoints) {
    this.runs = runs;
    this.datasets = datasets;
    this.checkpoints = checkpoints;
  }

  /**
   * Returns whether some of these were among them: of the run that made the weights, and of those
   * that its own first weights came from. All versions of a dataset have the same parts.
   */
  boolean overlap(Manifest manifest, UUID dataset, SplitChoice split) {
    Manifest weights = manifest;
    while (weights != null && weights.origin() != null) {
      Run run = runs.findById(weights.origin().run()).orElse(null);
      if (run == null) {
        return false;
      }
      if (samePictures(dataset, run.spec().dataset()) && (moved(run) || trained(weights, split))) {
        return true;
      }
      UUID from = run.spec().from();
      weights = from == null ? null : checkpoints.get(from).manifest();
    }
    return false;
  }

  private boolean samePictures(UUID dataset, @Nullable UUID other) {
    return other != null
        && datasets.required(dataset).first().equals(datasets.required(other).first());
  }

  /** Returns whether the dataset was read in another way since: any part may have them now. */
  private boolean moved(Run run) {
    return run.createdAt().isBefore(datasets.required(run.spec().requiredDataset()).updatedAt());
  }

  private static boolean trained(Manifest weights, SplitChoice split) {
    return switch (split) {
      case TEST -> false;
      case VALID -> redraws(weights);
      case TRAIN, ALL -> true;
    };
  }

  /** Returns whether they were trained on other splits than the dataset's own. */
  private static boolean redraws(Manifest weights) {
    return weights.recipe() != null
        && RecipeReader.read(weights.recipe(), null).split() == Recipe.Split.REDRAW_EACH_PHASE;
  }
}
