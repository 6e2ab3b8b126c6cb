package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Outage;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Best;
import dev.onecycle.run.Retention;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.torch.Torch;
import dev.onecycle.training.TrainingData;
import dev.onecycle.training.TrainingListener;
import dev.onecycle.training.TrainingPlan;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The reporter that tells a run what its training does: steps and epochs as they come, and
 * checkpoints of the best epoch and of those that the {@link Retention} wants besides.
 */
final class TrainingReporter implements TrainingListener {

  private final RunContext context;
  private final Recipe recipe;
  private final TrainingPlan plan;
  private final TrainingData data;
  private final CheckpointStore checkpoints;
  private final Retention retention;
  private final MeterRegistry meters;
  private final List<UUID> superseded = new ArrayList<>();

  /**
   * @param recipe with the batches that it is trained with
   * @param plan whose steps the run's are counted in
   */
  TrainingReporter(
      RunContext context,
      Recipe recipe,
      TrainingPlan plan,
      TrainingData data,
      CheckpointStore checkpoints,
      Retention retention,
      MeterRegistry meters) {
    this.context = context;
    this.recipe = recipe;
    this.plan = plan;
    this.data = data;
    this.checkpoints = checkpoints;
    this.retention = retention;
    this.meters = meters;
    checkpoints.of(context.run()).stream()
        .filter(checkpoint -> !counts(checkpoint))
        .forEach(checkpoint -> superseded.add(checkpoint.id()));
  }

  /** Returns whether a checkpoint of an earlier attempt is what this one goes on with. */
  private boolean counts(Checkpoint checkpoint) {
    Best best = context.best();
    if (best == null || checkpoint.id().equals(best.checkpoint())) {
      return best != null;
    }
    Origin origin = checkpoint.manifest().origin();
    if (origin == null || best.epoch().isOf(origin)) {
      return false; // another was written of the same weights
    }
    Position position = requireNonNull(context.resumePoint()).position();
    boolean latest = !position.isPast(origin.phase(), origin.epoch());
    return retention.keepsOther(latest) && position.isPast(origin.phase(), origin.lastEpoch());
  }

  @Override
  public void onStep(Step step) {
    int pictures = recipe.phases().get(step.phase() - 1).stretchAt(step.epoch()).batchSize();
    meters.counter("onecycle.training.images").increment(pictures);
    meters
        .timer("onecycle.training.step")
        .record(Duration.ofNanos((long) (1e9 * pictures / step.imagesPerSecond())));
    context.step(
        TrainingRecords.step(step, stepOfRun(step.step(), step.steps()), stepsOfRun(step.steps())));
  }

  /** Returns how many of the run's steps are done after so many of the training's. */
  long stepOfRun(long step, long steps) {
    return recipe.budget() == null ? plan.asFarAs(step, steps) : step;
  }

  private long stepsOfRun(long steps) {
    return recipe.budget() == null ? plan.steps() : steps;
  }

  @Override
  public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
    meters
        .timer("onecycle.training.data.wait")
        .record(Duration.ofNanos((long) (1e9 * epoch.dataWaitSeconds())));
    EpochRecord done = TrainingRecords.epoch(epoch);
    Best before = context.best();
    boolean best = context.epoch(done);
    if (best || (done.accuracy() != null && retention.keepsOther(epoch.last()))) {
      context.checkpoint(checkpoints.write(manifest(done), weights.get()));
    }
    if (best && before != null && retention != Retention.ALL) {
      superseded.add(before.checkpoint());
    }
    Torch.releaseMemory();
  }

  private Manifest manifest(EpochRecord epoch) {
    int size = recipe.phases().get(epoch.phase() - 1).size();
    return new Manifest(
        recipe.network(),
        data.labels(),
        new Preprocessing(recipe.itemSize(), size, data.normalization()),
        RecipeReader.tree(recipe),
        new Metrics(epoch.trainLoss(), epoch.validLoss(), epoch.accuracy(), null),
        Origin.after(context.run(), context.attempt(), epoch.phase(), epoch.epoch()));
  }

  /**
   * Deletes what was the best once. Only when nobody can go back to that time any more: the resume
   * point that counts must be a later one, or the work be done.
   */
  void forgetSuperseded() {
    superseded.forEach(this::forget);
    superseded.clear();
  }

  private void forget(UUID checkpoint) {
    try {
      Outage.outlast(() -> checkpoints.delete(checkpoint), context::stopRequested);
    } catch (Failure.Conflict | Failure.NotFound e) {
      context.log("checkpoint " + checkpoint + " stays: " + e.getMessage());
    }
  }
}
