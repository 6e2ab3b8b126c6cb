package dev.onecycle.run;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.PictureBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.Trainer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.springframework.stereotype.Component;

/**
 * The kind of run that this service is for: trains a network by a recipe on a dataset, and
 * evaluates its best weights.
 */
@Component
class TrainingWork implements RunWork {

  private final Workbench workbench;
  private final RunPlanner planner;
  private final CheckpointStore checkpoints;
  private final WorkerProperties properties;
  private final RunProperties runs;
  private final MeterRegistry meters;

  TrainingWork(
      Workbench workbench,
      RunPlanner planner,
      CheckpointStore checkpoints,
      WorkerProperties properties,
      RunProperties runs,
      MeterRegistry meters) {
    this.workbench = workbench;
    this.planner = planner;
    this.checkpoints = checkpoints;
    this.properties = properties;
    this.runs = runs;
    this.meters = meters;
  }

  @Override
  public String kind() {
    return RunSpec.TRAIN;
  }

  @Override
  public List<String> check(RunSpec spec) {
    Recipe recipe = workbench.recipe(spec.recipe(), spec.seed());
    return planner.check(spec.dataset(), recipe, spec.from());
  }

  @Override
  public Workload workload(RunSpec spec) {
    return planner.workload(spec.dataset(), workbench.recipe(spec.recipe(), spec.seed()));
  }

  @Override
  public Ending execute(RunContext context) throws Exception {
    return workbench.use(
        context,
        (recipe, data, numerics) -> {
          TrainingReporter reporter =
              new TrainingReporter(context, recipe, data, checkpoints, runs.keep(), meters);
          if (!train(context, recipe, data, numerics, reporter)) {
            return Ending.STOPPED;
          }
          try {
            new Evaluator(context, recipe, data, numerics, checkpoints, properties)
                .evaluate(reporter);
            return Ending.COMPLETED;
          } catch (CancellationException e) {
            return Ending.STOPPED;
          }
        });
  }

  private boolean train(
      RunContext context,
      Recipe recipe,
      SnapshotData data,
      Numerics numerics,
      TrainingReporter reporter) {
    try (PictureBatches batches = new PictureBatches(recipe, data, properties.dataThreads());
        Trainer trainer =
            new Trainer(
                recipe,
                batches,
                initial(context, recipe, data.labels()),
                numerics,
                reporter,
                context::stopRequested)) {
      return trainer.train();
    }
  }

  private StateDict initial(RunContext context, Recipe recipe, List<String> labels) {
    if (context.from() == null) {
      return Trainer.fromScratch(recipe, labels.size());
    }
    LoadedCheckpoint from = checkpoints.load(context.from());
    return from.manifest().labels().equals(labels)
        ? from.state()
        : Trainer.withNewHead(from.state(), recipe, labels.size());
  }
}
