package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunProperties;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.run.output.RunAnswers;
import dev.onecycle.torch.TorchException;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.Trainer;
import dev.onecycle.training.TrainingPlan;
import dev.onecycle.training.TrainingStateReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * The kind of run that this service is for: trains a network by a recipe on a dataset, and
 * evaluates its best weights.
 */
@Component
public class TrainingWork implements RunWork<Recipe> {

  /** The kind's name. */
  public static final String KIND = "train";

  private final Workbench workbench;
  private final RunPlanner planner;
  private final CheckpointStore checkpoints;
  private final ResumePoints resumePoints;
  private final RunAnswers answers;
  private final WorkerProperties properties;
  private final RunProperties runs;
  private final MeterRegistry meters;
  private final Budgets budgets;
  private final Quantizer quantizer;

  TrainingWork(
      Workbench workbench,
      RunPlanner planner,
      CheckpointStore checkpoints,
      ResumePoints resumePoints,
      RunAnswers answers,
      WorkerProperties properties,
      RunProperties runs,
      MeterRegistry meters,
      Budgets budgets,
      Quantizer quantizer) {
    this.workbench = workbench;
    this.planner = planner;
    this.checkpoints = checkpoints;
    this.resumePoints = resumePoints;
    this.answers = answers;
    this.properties = properties;
    this.runs = runs;
    this.meters = meters;
    this.budgets = budgets;
    this.quantizer = quantizer;
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
    return planner.planned(spec.requiredDataset(), recipe, spec.from());
  }

  @Override
  public Ending execute(RunContext context, Recipe recipe) throws Exception {
    long begun = System.nanoTime();
    try (RunDevice device = workbench.device(context);
        DatasetSnapshot dataset = workbench.dataset(context);
        PixelFile pixels = workbench.pixels(context, dataset, recipe)) {
      SnapshotData data = workbench.data(context, dataset, pixels, recipe);
      return device.call(
          HalfBatches.advice(recipe),
          () ->
              recipe.budget() == null
                  ? trainAndEvaluate(context, recipe, data)
                  : trainInTime(context, recipe, data, begun));
    }
  }

  /** Trains and evaluates, on the torch thread, as all below do. */
  private Ending trainAndEvaluate(RunContext context, Recipe whole, SnapshotData data)
      throws WorkFailed {
    TrainingPlan plan = TrainingPlan.of(whole, data);
    HalfBatches batches = new HalfBatches(context, whole, plan);
    while (true) {
      try {
        return trainAndEvaluate(context, batches, plan, data);
      } catch (TorchException e) {
        batches.halve(e);
      }
    }
  }

  private Ending trainAndEvaluate(
      RunContext context, HalfBatches halves, TrainingPlan plan, SnapshotData data) {
    Recipe recipe = halves.recipe();
    Optional<TrainingStateReader> state = resumePoints.open(context);
    Numerics numerics = workbench.numerics(context, recipe, state);
    TrainingReporter reporter =
        new TrainingReporter(context, recipe, plan, data, checkpoints, runs.keep(), meters);
    AttemptControl control =
        new AttemptControl(
            context, resumePoints, reporter, halves.halved(), properties.resumeEvery());
    StateDict initial = workbench.weights(context, recipe, data.labels());
    try (RecipeBatches batches =
            new RecipeBatches(recipe, data, properties.dataThreads(), numerics.precision());
        Trainer trainer = new Trainer(recipe, batches, initial, numerics, reporter, control)) {
      state.ifPresent(trainer::goOnFrom);
      if (!trainer.train()) {
        return Ending.STOPPED;
      }
    }
    quantizer.quantizeBest(context, data, Quantizer.PICTURES);
    evaluator(context, recipe, data, numerics).evaluate(properties.ttaMenuPictures());
    reporter.forgetSuperseded();
    return Ending.COMPLETED;
  }

  /** Trains and evaluates within the recipe's budget, which counts from {@code begun}. */
  private Ending trainInTime(RunContext context, Recipe whole, SnapshotData data, long begun)
      throws WorkFailed {
    TrainingPlan checked = TrainingPlan.of(whole, data);
    Optional<TrainingStateReader> state = resumePoints.open(context);
    Numerics numerics = workbench.numerics(context, whole, state);
    StateDict initial = workbench.weights(context, whole, data.labels());
    Budgets.Timed timed = budgets.start(context, whole, data, numerics, initial, state, begun);
    Recipe recipe = timed.recipe();
    TrainingReporter reporter =
        new TrainingReporter(context, recipe, checked, data, checkpoints, runs.keep(), meters);
    AttemptControl control =
        new AttemptControl(context, resumePoints, reporter, false, properties.resumeEvery());
    try (RecipeBatches batches =
            new RecipeBatches(recipe, data, properties.dataThreads(), numerics.precision());
        Trainer trainer =
            new Trainer(
                recipe, batches, initial, numerics, reporter, control, timed.timekeeper())) {
      state.ifPresent(trainer::goOnFrom);
      if (!trainer.train()) {
        return Ending.STOPPED;
      }
    }
    int valid = data.valid(1).size();
    quantizer.quantizeBest(context, data, timed.quantizerPictures(valid));
    evaluator(context, recipe, data, numerics)
        .evaluate(timed.menuPictures(properties.ttaMenuPictures(), valid));
    reporter.forgetSuperseded();
    return Ending.COMPLETED;
  }

  private Evaluator evaluator(
      RunContext context, Recipe recipe, SnapshotData data, Numerics numerics) {
    return new Evaluator(context, recipe, data, numerics, checkpoints, answers, properties);
  }
}
