package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Run;
import dev.onecycle.run.Runs;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The pictures that a checkpoint's weights were trained on, as far as this service knows. */
@Component
class TrainedPictures {

  private final Runs runs;
  private final CheckpointStore checkpoints;

  TrainedPictures(Runs runs, CheckpointStore checkpoints) {
    this.runs = runs;
    this.checkpoints = checkpoints;
  }

  /**
   * Returns whether some of these were among them: of the run that made the weights, and of those
   * that its own first weights came from.
   */
  boolean overlap(Manifest manifest, UUID dataset, SplitChoice split) {
    Manifest weights = manifest;
    while (weights != null && weights.origin() != null) {
      Run run = runs.findById(weights.origin().run()).orElse(null);
      if (run == null) {
        return false;
      }
      if (dataset.equals(run.spec().dataset())
          && split != SplitChoice.TEST
          && (split != SplitChoice.VALID || redraws(weights))) {
        return true;
      }
      UUID from = run.spec().from();
      weights = from == null ? null : checkpoints.get(from).manifest();
    }
    return false;
  }

  /** Returns whether they were trained on other splits than the dataset's own. */
  private static boolean redraws(Manifest weights) {
    return weights.recipe() != null
        && RecipeReader.read(weights.recipe(), null).split() == Recipe.Split.REDRAW_EACH_PHASE;
  }
}
