package dev.onecycle.run;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.evaluation.Calibration;
import dev.onecycle.evaluation.ConfusionMatrix;
import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.TopLoss;
import dev.onecycle.evaluation.ViewedAnswers;
import dev.onecycle.image.Views;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Tta;
import dev.onecycle.training.BatchLoader;
import dev.onecycle.training.PictureAnswers;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TtaMenu;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Evaluates the best weights of a run that is trained, as its last work. */
final class Evaluator {

  private static final int TOP_LOSSES = 25;
  private static final int MOST_CONFUSED = 50;

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
      UUID checkpoint = reporter.best().checkpoint();
      context.result(evaluation(checkpoint, best, answers.plain().logits(), ttaAccuracy, menu));
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

  private Evaluation evaluation(
      UUID checkpoint, EpochRecord best, LabelledLogits plain, Double ttaAccuracy, TtaMenu menu) {
    ConfusionMatrix confusion = ConfusionMatrix.of(data.labels(), plain);
    return new Evaluation(
        checkpoint,
        best.phase(),
        best.epoch(),
        best.leaky(),
        plain.size(),
        plain.accuracy(),
        ttaAccuracy,
        confusion,
        confusion.scores(),
        confusion.mostConfused(1).stream().limit(MOST_CONFUSED).toList(),
        TopLoss.of(plain, TOP_LOSSES).stream().map(loss -> top(loss, best.phase())).toList(),
        Calibration.of(plain),
        menu);
  }

  private Evaluation.TopPicture top(TopLoss loss, int phase) {
    return new Evaluation.TopPicture(
        data.validImage(phase, loss.index()),
        data.labels().get(loss.actual()),
        data.labels().get(loss.predicted()),
        loss.loss(),
        loss.probability());
  }
}
