package dev.onecycle.work;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.fleet.Fleet;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.image.Normalization;
import dev.onecycle.layout.Part;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Planned;
import dev.onecycle.run.Workload;
import dev.onecycle.run.forecast.Experience;
import dev.onecycle.training.DataFacts;
import dev.onecycle.training.MemoryEstimate;
import dev.onecycle.training.ScheduleSummary;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TrainingPlan;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.training.Warnings;
import dev.onecycle.work.labels.LabelCheckOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The planner of training runs, which refuses what they could not do. */
@Component
public class RunPlanner {

  private final Datasets datasets;
  private final StartingPoints startingPoints;
  private final Experience experience;
  private final WorkerProperties worker;
  private final Fleet fleet;
  private final Budgets budgets;

  RunPlanner(
      Datasets datasets,
      StartingPoints startingPoints,
      Experience experience,
      WorkerProperties worker,
      Fleet fleet,
      Budgets budgets) {
    this.datasets = datasets;
    this.startingPoints = startingPoints;
    this.experience = experience;
    this.worker = worker;
    this.fleet = fleet;
    this.budgets = budgets;
  }

  /**
   * Plans a run without starting it.
   *
   * @param from the checkpoint to start from, or null
   * @throws Failure.NotFound if there is no such dataset or checkpoint
   * @throws Failure.Conflict if the dataset is not READY
   * @throws Failure.Invalid if the recipe does not fit the dataset or the checkpoint, or no
   *     checkpoint could have the dataset's labels
   */
  public RunPlan plan(UUID dataset, Recipe recipe, @Nullable UUID from) {
    DataFacts data = facts(dataset, recipe);
    List<String> warnings = warnings(data, dataset, recipe, from);
    TrainingPlan whole = steps(recipe, data);
    Experience.Known known = experience.known();
    Workload workload = workload(recipe, whole, data);
    Double seconds = workload.seconds();
    Optional<Budgets.Foreseen> fitting =
        seconds == null ? Optional.empty() : Budgets.foresee(recipe, data, known, seconds);
    TrainingPlan plan = fitting.map(Budgets.Foreseen::plan).orElse(whole);
    ScheduleSummary schedule =
        ScheduleSummary.of(fitting.map(Budgets.Foreseen::recipe).orElse(recipe), plan);
    return new RunPlan(
        dataset,
        from,
        recipe,
        data.trainPictures(recipe),
        data.validPictures(recipe),
        plan.steps(),
        schedule.phases(),
        schedule.curve(),
        MemoryEstimate.of(
            recipe, data.labels().size(), recipe.precision().isBfloat16(fleet.prefersBfloat16())),
        seconds == null ? known.estimate(workload, null) : null,
        seconds == null ? null : new RunPlan.Outlook(seconds, fitting.isPresent()),
        warnings);
  }

  /** Plans what is needed to queue a run; throws as {@link #plan} does. */
  Planned planned(UUID dataset, Recipe recipe, @Nullable UUID from) {
    DataFacts data = facts(dataset, recipe);
    TrainingPlan plan = steps(recipe, data);
    return new Planned(warnings(data, dataset, recipe, from), workload(recipe, plan, data));
  }

  /**
   * Plans a check of labels; throws as {@link #plan} does, and where a fold would be empty.
   *
   * @param from the checkpoint that each training starts from, or null
   */
  Planned folds(UUID dataset, LabelCheckOptions asked, @Nullable UUID from) {
    Recipe recipe = asked.recipe();
    int labelled = datasets.required(dataset).requireReady().pictures();
    int held = labelled / asked.folds();
    if (held == 0) {
      String message = asked.folds() + " folds > " + labelled + " pictures with a label";
      throw Failure.Invalid.field("folds", message, asked.folds(), labelled);
    }
    TrainingPlan plan = TrainingPlan.of(recipe, phase -> labelled - held - 1, held);
    Workload one = Workload.training(recipe, plan::stepsPerEpoch, held, held);
    List<Workload.Stretch> all =
        IntStream.range(0, asked.folds()).boxed().flatMap(i -> one.stretches().stream()).toList();
    return new Planned(
        warnings(facts(dataset, recipe), dataset, recipe, from),
        new Workload(one.architecture(), one.precision(), all));
  }

  private Workload workload(Recipe recipe, TrainingPlan plan, DataFacts data) {
    if (recipe.budget() != null) {
      return Workload.timed(recipe, budgets.ahead(recipe.budget()));
    }
    int valid = data.validPictures(recipe);
    long views = 1L + (recipe.tta() == null ? 0 : recipe.tta().views());
    long menu = (long) TtaMenu.PASSES * Math.min(valid, worker.ttaMenuPictures());
    long quantizing = (long) Quantizer.PASSES * Quantizer.each(data.trainPictures(recipe));
    return Workload.training(recipe, plan::stepsPerEpoch, valid, valid * views + menu + quantizing);
  }

  private DataFacts facts(UUID id, Recipe recipe) {
    Dataset dataset = datasets.required(id);
    Dataset.Contents contents = dataset.requireReady();
    if (recipe.split() == Recipe.Split.REDRAW_EACH_PHASE && dataset.split().group() != null) {
      String why =
          "draws pictures by themselves, which would part the groups that the split of dataset %s"
                  .formatted(id)
              + " keeps together; take dataset";
      throw Failure.Invalid.field("split", why, "redraw-each-phase", null);
    }
    requireLabels(id, contents.labels().stream().map(LabelCount::name).toList());
    return new DataFacts(
        contents.labels(),
        contents.pictures() - contents.labels().stream().mapToInt(l -> l.in(Part.TEST)).sum(),
        dataset.split().validFraction(),
        dataset.medianSide());
  }

  /** Datasets of earlier versions may have labels that their checkpoints would be refused for. */
  private static void requireLabels(UUID dataset, List<String> labels) {
    List<FieldError> errors = Manifest.labelErrors(labels);
    if (!errors.isEmpty()) {
      FieldError first = errors.get(0);
      String message =
          "the dataset's %s: %s%s"
              .formatted(
                  first.field(),
                  first.message(),
                  errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)");
      throw new Failure.Invalid(
          message,
          "Read its labels by another rule: PATCH /api/v1/datasets/%s with labels."
              .formatted(dataset),
          List.of(new FieldError("dataset", message, first.value(), first.limit())));
    }
  }

  private static TrainingPlan steps(Recipe recipe, DataFacts data) {
    int training = data.trainPictures(recipe);
    return TrainingPlan.of(recipe, phase -> training, data.validPictures(recipe));
  }

  private List<String> warnings(DataFacts data, UUID dataset, Recipe recipe, @Nullable UUID from) {
    List<String> warnings = new ArrayList<>(Warnings.of(recipe, data));
    if (recipe.precision() == Recipe.Precision.BFLOAT16 && fleet.emulatesBfloat16()) {
      warnings.add(
          "precision bfloat16 is emulated on the workers' device, many times slower than float32");
    }
    Normalization normalization =
        SnapshotData.normalization(
            recipe,
            datasets.required(dataset).requireReady().statistics(),
            startingPoints.normalization(from));
    if (from != null) {
      warnings.addAll(startingPoints.warnings(from, recipe, data.names(), normalization));
    }
    return warnings;
  }
}
