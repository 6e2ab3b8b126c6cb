package dev.onecycle.work;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.network.Numerics;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.Workload;
import dev.onecycle.training.LearningRateCurve;
import dev.onecycle.training.LearningRateFinder;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.SnapshotData;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The kind of run that sweeps the learning rate over a network that is thrown away. */
@Component
public class LearningRateWork implements RunWork<Recipe> {

  /** The kind's name. */
  public static final String KIND = "lr-find";

  private final Workbench workbench;
  private final RunPlanner planner;
  private final WorkerProperties properties;

  LearningRateWork(Workbench workbench, RunPlanner planner, WorkerProperties properties) {
    this.workbench = workbench;
    this.planner = planner;
    this.properties = properties;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Class<Recipe> asked() {
    return Recipe.class;
  }

  @Override
  public Planned plan(RunSpec spec, Recipe recipe) {
    Planned training = planner.planned(spec.requiredDataset(), recipe, spec.from());
    return new Planned(training.warnings(), Workload.sweep(recipe, LearningRateFinder.STEPS));
  }

  @Override
  public Ending execute(RunContext context, Recipe recipe) throws Exception {
    try (RunDevice device = workbench.device(context);
        DatasetSnapshot dataset = workbench.dataset(context);
        PixelFile pixels = workbench.pixels(context, dataset, recipe)) {
      SnapshotData data = workbench.data(context, dataset, pixels, recipe);
      return device.call(HalfBatches.advice(recipe), () -> sweep(context, recipe, data));
    }
  }

  /** Sweeps, on the torch thread. */
  private Ending sweep(RunContext context, Recipe recipe, SnapshotData data) {
    Numerics numerics = workbench.numerics(context, recipe);
    try (RecipeBatches batches =
        new RecipeBatches(recipe, data, properties.dataThreads(), numerics.precision())) {
      Optional<LearningRateCurve> found =
          LearningRateFinder.find(
              recipe,
              batches,
              workbench.weights(context, recipe, data.labels()),
              numerics,
              step -> context.step(TrainingRecords.step(step)),
              context::stopRequested);
      found.ifPresent(context::result);
      return found.isPresent() ? Ending.COMPLETED : Ending.STOPPED;
    }
  }
}
