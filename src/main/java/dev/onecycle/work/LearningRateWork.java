package dev.onecycle.work;

import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.Workload;
import dev.onecycle.training.LearningRateCurve;
import dev.onecycle.training.LearningRateFinder;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.Trainer;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The kind of run that sweeps the learning rate over a network that is thrown away. */
@Component
class LearningRateWork implements RunWork {

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
    return RunSpec.LR_FIND;
  }

  @Override
  public List<String> check(RunSpec spec) {
    Recipe recipe = workbench.recipe(spec.recipe(), spec.seed());
    return planner.check(spec.dataset(), recipe, spec.from());
  }

  @Override
  public Workload workload(RunSpec spec) {
    Recipe recipe = workbench.recipe(spec.recipe(), spec.seed());
    return Workload.sweep(recipe, LearningRateFinder.STEPS);
  }

  @Override
  public Ending execute(RunContext context) throws Exception {
    return workbench.use(
        context,
        (recipe, data, numerics) -> {
          try (RecipeBatches batches =
              new RecipeBatches(recipe, data, properties.dataThreads(), numerics.precision())) {
            Optional<LearningRateCurve> found =
                LearningRateFinder.find(
                    recipe,
                    batches,
                    Trainer.fromScratch(recipe, data.labels().size()),
                    numerics,
                    step -> context.step(TrainingRecords.step(step)),
                    context::stopRequested);
            found.ifPresent(context::result);
            return found.isPresent() ? Ending.COMPLETED : Ending.STOPPED;
          }
        });
  }
}
