package dev.onecycle.work;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.Workload;
import dev.onecycle.serving.ServingDevice;
import dev.onecycle.serving.ServingProperties;
import dev.onecycle.work.AnswerBatches.Looking;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The place where runs have their checkpoint answer about many pictures, on their device. */
@Component
class AnswerBench {

  private final CheckpointStore checkpoints;
  private final ServingDevice serving;
  private final WorkerProperties worker;
  private final DecodeLimits limits;

  AnswerBench(
      CheckpointStore checkpoints,
      ServingDevice serving,
      WorkerProperties worker,
      ServingProperties properties) {
    this.checkpoints = checkpoints;
    this.serving = serving;
    this.worker = worker;
    this.limits = new DecodeLimits(properties.maxPixels());
  }

  /** What helps where the device has too little memory. */
  static final String WHEN_TOO_LARGE = "Ask with fewer views.";

  /** Returns what the time of so many pictures depends on. */
  Workload workload(UUID checkpoint, int pictures, ViewChoice views) {
    return workload(checkpoints.get(checkpoint).manifest(), pictures, views, 0);
  }

  /**
   * @param more views besides those of the pictures
   */
  static Workload workload(Manifest manifest, int pictures, ViewChoice views, long more) {
    Recipe.Precision precision =
        manifest.recipe() == null
            ? Recipe.Precision.AUTO
            : RecipeReader.read(manifest.recipe(), null).precision();
    int size = manifest.preprocessing().size();
    return Workload.forward(
        manifest.network().label(),
        precision,
        size,
        AnswerBatches.steps(pictures, views.count(), size),
        (long) pictures * views.count() + more);
  }

  /** Returns what is known of a run's checkpoint. */
  Checkpoint checkpoint(RunSpec spec) {
    return checkpoints.get(spec.requiredFrom());
  }

  /** Reads the run's checkpoint from the store, with its weights. */
  LoadedCheckpoint load(RunContext context) {
    return checkpoints.load(context.spec().requiredFrom());
  }

  /**
   * Has a checkpoint answer about pictures from number {@code from} on, in the precision that
   * predictions have on that device. Called on its torch thread; the caller closes the answers.
   */
  AnswerBatches answers(
      RunContext context,
      RunDevice device,
      LoadedCheckpoint checkpoint,
      PictureSource pictures,
      int from,
      ViewChoice views) {
    Looking looking =
        new Looking(
            views,
            new Seed(context.spec().seed()),
            serving.precisionOn(device.device()),
            limits,
            worker.dataThreads());
    return new AnswerBatches(checkpoint, pictures, from, looking);
  }
}
