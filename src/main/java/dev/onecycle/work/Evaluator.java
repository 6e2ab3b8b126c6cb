package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.ViewedAnswers;
import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.image.Views;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Outage;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Tta;
import dev.onecycle.run.EpochRecord;
import dev.onecycle.run.RunContext;
import dev.onecycle.training.BatchLoader;
import dev.onecycle.training.PictureAnswers;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TtaMenu;
import java.util.List;
import java.util.stream.IntStream;

/** Evaluates the best weights of a run that is trained, as its last work. */
final class Evaluator {

  private final RunContext context;
  private final Recipe recipe;
  private final SnapshotData data;
  private final Numerics numerics;
  private final CheckpointStore checkpoints;
  private final WorkerProperties properties;

  Evaluator(
      RunContext context,
      Recipe recipe,
      SnapshotData data,
      Numerics numerics,
      CheckpointStore checkpoints,
      WorkerProperties properties) {
    this.context = context;
    this.recipe = recipe;
    this.data = data;
    this.numerics = numerics;
    this.checkpoints = checkpoints;
    this.properties = properties;
  }

  /**
   * Evaluates the weights as they were stored, on the calling torch thread.
   *
   * @throws java.util.concurrent.CancellationException once a stop is requested
   */
  void evaluate(TrainingReporter reporter) {
    EpochRecord best = reporter.best().epoch();
    StateDict weights =
        Outage.outlast(() -> checkpoints.load(reporter.best().checkpoint()), context::stopRequested)
            .state();
    try (Network network = new Network(weights, numerics);
        BatchLoader loader = new BatchLoader(properties.dataThreads(), numerics.precision())) {
      PictureAnswers answers = answers(network, loader, best.phase());
      Double ttaAccuracy = recipe.tta() == null ? null : accuracy(answers, recipe.tta());
      TtaMenu menu = TtaMenu.of(answers.atMost(properties.ttaMenuPictures()));
      if (ttaAccuracy != null) {
        reporter.improveBest(weights, ttaAccuracy);
        context.ttaAccuracy(ttaAccuracy);
      }
      context.answers(
          Evaluation.answers(
              answers.plain().logits(), index -> data.validImage(best.phase(), index)));
      Evaluation.of(
              new Evaluation.Subject(
                  reporter.best().checkpoint(), best.phase(), best.epoch(), best.leaky()),
              data.labels(),
              answers.plain().logits(),
              index -> data.validImage(best.phase(), index),
              ttaAccuracy,
              menu)
          .keep(context);
    }
  }

  private PictureAnswers answers(Network network, BatchLoader loader, int phaseNumber) {
    Phase phase = recipe.phases().get(phaseNumber - 1);
    return new PictureAnswers(
        network,
        data.valid(phaseNumber),
        new PictureAnswers.Looking(
            loader,
            Views.of(recipe.itemSize(), phase.size(), data.normalization()),
            phase.batchSize(),
            recipe.augmentation(),
            recipe.seed()),
        context::stopRequested);
  }

  /** fastai's {@code learn.tta(n, beta)} with the recipe's numbers, on all pictures. */
  private static double accuracy(PictureAnswers answers, Tta tta) {
    List<LabelledLogits> augmented =
        IntStream.range(0, tta.views()).mapToObj(view -> answers.augmented(view).logits()).toList();
    ViewedAnswers all = new ViewedAnswers(answers.plain().logits(), augmented);
    return switch (tta.combine()) {
      case MEAN -> all.accuracyOfMean(tta.beta());
      case MAX -> all.accuracyOfMaximum();
    };
  }
}
