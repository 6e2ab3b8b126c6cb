package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.Torch;
import dev.onecycle.training.TrainingData;
import dev.onecycle.training.TrainingListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells a run what its training does: steps and epochs as they come, and checkpoints of the best
 * epoch and of those that the {@link Retention} wants besides. Best is the highest accuracy, then
 * the lowest loss.
 */
final class TrainingReporter implements TrainingListener {

  /** The best epoch and its weights. */
  record Best(EpochRecord epoch, Checkpoint checkpoint) {}

  private final RunContext context;
  private final Recipe recipe;
  private final TrainingData data;
  private final CheckpointStore checkpoints;
  private final Retention retention;
  private final MeterRegistry meters;
  private final int epochsInAll;
  private int epochsDone;
  private EpochRecord best;
  private Checkpoint bestCheckpoint;

  TrainingReporter(
      RunContext context,
      Recipe recipe,
      TrainingData data,
      CheckpointStore checkpoints,
      Retention retention,
      MeterRegistry meters) {
    this.context = context;
    this.recipe = recipe;
    this.data = data;
    this.checkpoints = checkpoints;
    this.retention = retention;
    this.meters = meters;
    epochsInAll = recipe.totalEpochs();
  }

  @Override
  public void onStep(Step step) {
    int pictures = recipe.phases().get(step.phase() - 1).batchSize();
    meters.counter("onecycle.training.images").increment(pictures);
    meters
        .timer("onecycle.training.step")
        .record(Duration.ofNanos((long) (1e9 * pictures / step.imagesPerSecond())));
    context.step(StepRecord.of(step));
  }

  @Override
  public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
    epochsDone++;
    meters
        .timer("onecycle.training.data.wait")
        .record(Duration.ofNanos((long) (1e9 * epoch.dataWaitSeconds())));
    EpochRecord done = EpochRecord.of(epoch);
    context.epoch(done);
    if (best == null || done.isBetterThan(best)) {
      Checkpoint superseded = bestCheckpoint;
      best = done;
      bestCheckpoint = keep(done, weights.get(), null);
      if (retention != Retention.ALL) {
        forget(superseded);
      }
    } else if (retention.keepsOther(epochsDone == epochsInAll)) {
      keep(done, weights.get(), null);
    }
    Torch.releaseMemory();
  }

  /** Throws NoSuchElementException before the first epoch. */
  Best best() {
    return Optional.ofNullable(best).map(e -> new Best(e, bestCheckpoint)).orElseThrow();
  }

  /** Keeps the best weights anew, with what test-time augmentation makes of them. */
  void improveBest(StateDict weights, double ttaAccuracy) {
    Checkpoint superseded = bestCheckpoint;
    bestCheckpoint = keep(best, weights, ttaAccuracy);
    forget(superseded);
  }

  private Checkpoint keep(EpochRecord epoch, StateDict state, Double ttaAccuracy) {
    int size = recipe.phases().get(epoch.phase() - 1).size();
    Manifest manifest =
        new Manifest(
            recipe.architecture(),
            data.labels(),
            new Preprocessing(recipe.itemSize(), size, data.normalization()),
            RecipeReader.tree(recipe),
            new Metrics(epoch.trainLoss(), epoch.validLoss(), epoch.accuracy(), ttaAccuracy),
            new Origin(context.run(), context.attempt(), epoch.phase(), epoch.epoch() + 1));
    Checkpoint checkpoint = checkpoints.write(manifest, state);
    context.checkpoint(checkpoint, epoch.equals(best));
    return checkpoint;
  }

  private void forget(Checkpoint superseded) {
    if (superseded == null) {
      return;
    }
    try {
      checkpoints.delete(superseded.id());
    } catch (Failure.Conflict | Failure.NotFound e) {
      context.log("checkpoint " + superseded.id() + " stays: " + e.getMessage());
    }
  }
}
