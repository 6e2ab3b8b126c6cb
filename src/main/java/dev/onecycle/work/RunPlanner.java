package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.fleet.Fleet;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.image.Chain;
import dev.onecycle.image.Normalization;
import dev.onecycle.layout.Part;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Planned;
import dev.onecycle.run.Workload;
import dev.onecycle.run.forecast.Experience;
import dev.onecycle.training.DataFacts;
import dev.onecycle.training.MemoryEstimate;
import dev.onecycle.training.ScheduleSummary;
import dev.onecycle.training.TrainingPlan;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.training.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The planner of training runs, which refuses what they could not do. */
@Component
public class RunPlanner {

  private final Datasets datasets;
  private final CheckpointStore checkpoints;
  private final Experience experience;
  private final WorkerProperties worker;
  private final Fleet fleet;

  RunPlanner(
      Datasets datasets,
      CheckpointStore checkpoints,
      Experience experience,
      WorkerProperties worker,
      Fleet fleet) {
    this.datasets = datasets;
    this.checkpoints = checkpoints;
    this.experience = experience;
    this.worker = worker;
    this.fleet = fleet;
  }

  /**
   * Plans a run without starting it.
   *
   * @param from the checkpoint to start from, or null
   * @throws Failure.NotFound if there is no such dataset or checkpoint
   * @throws Failure.Conflict if the dataset is not READY
   * @throws Failure.Invalid if the recipe does not fit the dataset or the checkpoint
   */
  public RunPlan plan(UUID dataset, Recipe recipe, @Nullable UUID from) {
    DataFacts data = facts(dataset);
    List<String> warnings = warnings(data, dataset, recipe, from);
    TrainingPlan plan = steps(recipe, data);
    ScheduleSummary schedule = ScheduleSummary.of(recipe, plan);
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
        experience.known().estimate(workload(recipe, plan, data), null),
        warnings);
  }

  /** Plans what is needed to queue a run; throws as {@link #plan} does. */
  Planned planned(UUID dataset, Recipe recipe, @Nullable UUID from) {
    DataFacts data = facts(dataset);
    TrainingPlan plan = steps(recipe, data);
    return new Planned(warnings(data, dataset, recipe, from), workload(recipe, plan, data));
  }

  private Workload workload(Recipe recipe, TrainingPlan plan, DataFacts data) {
    int valid = data.validPictures(recipe);
    long views = 1L + (recipe.tta() == null ? 0 : recipe.tta().views());
    long menu = (long) TtaMenu.PASSES * Math.min(valid, worker.ttaMenuPictures());
    return Workload.training(recipe, plan::stepsPerEpoch, valid, valid * views + menu);
  }

  private DataFacts facts(UUID id) {
    Dataset dataset = datasets.required(id);
    Dataset.Contents contents = dataset.requireReady();
    return new DataFacts(
        contents.labels(),
        contents.pictures() - contents.labels().stream().mapToInt(l -> l.in(Part.TEST)).sum(),
        dataset.split().validFraction(),
        dataset.medianSide());
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
    if (from != null) {
      Manifest manifest = checkpoints.get(from).manifest();
      requireArchitecture(manifest, recipe, from);
      if (!manifest.isBody() && !manifest.labels().equals(data.names())) {
        warnings.add(
            "from: the head starts anew, because the checkpoint's %d labels are not the dataset's %d in their order"
                .formatted(manifest.labels().size(), data.labels().size()));
      }
      if (!manifest.preprocessing().normalization().equals(normalization(recipe, dataset))) {
        warnings.add(
            "from: the checkpoint was trained on pictures normalised otherwise; its first epochs"
                + " go into getting used to these");
      }
      if (manifest.preprocessing().chain() == Chain.SHARP) {
        warnings.add(
            "from: the checkpoint was trained on the sharper pixels of an earlier version; its first"
                + " epochs go into getting used to fastai's");
      }
    }
    return warnings;
  }

  private Normalization normalization(Recipe recipe, UUID dataset) {
    return switch (recipe.normalize()) {
      case IMAGENET -> Normalization.imagenet();
      case NONE -> Normalization.none();
      case DATASET -> {
        var statistics = datasets.required(dataset).requireReady().statistics();
        yield new Normalization(statistics.mean(), statistics.std());
      }
    };
  }

  private static void requireArchitecture(Manifest manifest, Recipe recipe, UUID from) {
    NetworkKind kept = manifest.network();
    NetworkKind wanted = recipe.network();
    if (!kept.equals(wanted)) {
      String message =
          "checkpoint %s is a %s, the recipe wants %s"
              .formatted(from, kept.label(), wanted.label());
      throw new Failure.Invalid(
          message,
          "Override the recipe's architecture, activation, pooling and selfAttention with "
              + kept.label()
              + ".",
          List.of(new FieldError("from", message, from, wanted.label())));
    }
  }
}
