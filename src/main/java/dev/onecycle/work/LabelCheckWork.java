package dev.onecycle.work;

import dev.onecycle.dataset.DatasetVersions;
import dev.onecycle.dataset.DatasetVersions.Verdict;
import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Folds;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.evaluation.ConfidentLearning;
import dev.onecycle.evaluation.Opinion;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Planned;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.output.LabelDoubt;
import dev.onecycle.run.output.LabelDoubts;
import dev.onecycle.training.FoldTraining;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TrainingListener;
import dev.onecycle.training.TrainingPlan;
import dev.onecycle.work.labels.Doubts;
import dev.onecycle.work.labels.FoldFiles;
import dev.onecycle.work.labels.LabelCheck;
import dev.onecycle.work.labels.LabelCheckOptions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * The kind of run that doubts labels: trains a network for each fold of the labelled pictures
 * without that fold, asks it about the fold, and ranks what does not fit. It goes on after the last
 * fold that it was through with.
 */
@Component
public class LabelCheckWork implements RunWork<LabelCheckOptions> {

  /** The kind's name. */
  public static final String KIND = "label-check";

  private final Workbench workbench;
  private final RunPlanner planner;
  private final FoldFiles files;
  private final DatasetVersions versions;
  private final LabelDoubts kept;
  private final WorkerProperties properties;

  LabelCheckWork(
      Workbench workbench,
      RunPlanner planner,
      FoldFiles files,
      DatasetVersions versions,
      LabelDoubts kept,
      WorkerProperties properties) {
    this.workbench = workbench;
    this.planner = planner;
    this.files = files;
    this.versions = versions;
    this.kept = kept;
    this.properties = properties;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Class<LabelCheckOptions> asked() {
    return LabelCheckOptions.class;
  }

  @Override
  public Planned plan(RunSpec spec, LabelCheckOptions asked) {
    return planner.folds(spec.requiredDataset(), asked, spec.from());
  }

  @Override
  public Ending execute(RunContext context, LabelCheckOptions asked) throws Exception {
    Recipe recipe = asked.recipe();
    try (RunDevice device = workbench.device(context);
        DatasetSnapshot dataset = workbench.dataset(context);
        PixelFile pixels = workbench.pixels(context, dataset, recipe)) {
      SnapshotData all = workbench.data(context, dataset, pixels, recipe);
      String advice = HalfBatches.advice(recipe);
      Numerics numerics = device.call(advice, () -> workbench.numerics(context, recipe));
      List<FoldTraining.Data> folds = folds(context, asked, dataset, pixels, all);
      long[] ends = ends(recipe, folds);
      for (int fold = files.done(context.run()).size(); fold < folds.size(); fold++) {
        FoldTraining training =
            new FoldTraining(recipe, folds.get(fold), numerics, properties.dataThreads());
        Steps steps = new Steps(context, fold == 0 ? 0 : ends[fold - 1], ends[folds.size() - 1]);
        Optional<List<Opinion>> opinions =
            device.call(
                advice,
                () ->
                    training.opinions(
                        workbench.weights(context, recipe, dataset.labels()),
                        steps,
                        context::stopRequested));
        if (opinions.isEmpty()) {
          return Ending.STOPPED;
        }
        files.keep(context, fold, opinions.get(), ends[fold]);
        tell(context, asked, fold, opinions.get());
      }
      conclude(context, asked, dataset);
      return Ending.COMPLETED;
    }
  }

  private static List<FoldTraining.Data> folds(
      RunContext context,
      LabelCheckOptions asked,
      DatasetSnapshot dataset,
      PixelFile pixels,
      SnapshotData all) {
    Folds folds = dataset.folds(asked.folds(), new Seed(context.spec().seed()));
    if (folds.in(asked.folds() - 1).length == 0) {
      throw new Failure.Invalid(
          "there are fewer different pictures than %d folds".formatted(asked.folds()),
          "Ask for fewer folds, or add pictures.");
    }
    return IntStream.range(0, asked.folds())
        .mapToObj(fold -> new FoldTraining.Data(pixels, folds, fold, all))
        .toList();
  }

  /** Returns how many steps the run has done after each fold. */
  private static long[] ends(Recipe recipe, List<FoldTraining.Data> folds) {
    long[] ends = folds.stream().mapToLong(fold -> TrainingPlan.of(recipe, fold).steps()).toArray();
    Arrays.parallelPrefix(ends, Long::sum);
    return ends;
  }

  /** Tells the run its steps, those of earlier folds among them. */
  private record Steps(RunContext context, long before, long steps) implements TrainingListener {

    @Override
    public void onStep(Step step) {
      context.step(TrainingRecords.step(step, before + step.step(), steps));
    }

    @Override
    public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
      // What it says of the fold at its end is what counts.
    }
  }

  private static void tell(
      RunContext context, LabelCheckOptions asked, int fold, List<Opinion> opinions) {
    long agree = opinions.stream().filter(Opinion::agrees).count();
    context.log(
        String.format(
            Locale.ROOT,
            "fold %d of %d: the network gives %.1f %% of %,d pictures the label that they have",
            fold + 1,
            asked.folds(),
            100.0 * agree / opinions.size(),
            opinions.size()));
  }

  private void conclude(RunContext context, LabelCheckOptions asked, DatasetSnapshot dataset) {
    List<Opinion> opinions = files.read(context.run());
    List<String> labels = dataset.labels();
    ConfidentLearning learnt = new ConfidentLearning(opinions, labels.size());
    Doubts doubts = new Doubts(dataset.all().index(), labels, learnt);
    Set<Verdict> verdicts = versions.verdicts(context.spec().requiredDataset());
    List<LabelDoubt> ranked = doubts.ranked(opinions, verdicts);
    Set<Verdict> now =
        opinions.stream()
            .map(opinion -> new Verdict(opinion.picture(), labels.get(opinion.given())))
            .collect(Collectors.toCollection(HashSet::new));
    now.retainAll(verdicts);
    context.whileHeld(() -> kept.write(context.run(), ranked));
    LabelCheck found =
        LabelCheck.of(asked.folds(), labels, opinions, learnt, doubts.duplicates(), now.size());
    context.result(found);
    context.log(
        String.format(
            Locale.ROOT,
            "about %.0f of %,d labels are wrong; %d pictures stand under two labels",
            found.wrong(),
            found.pictures(),
            found.duplicates()));
  }
}
