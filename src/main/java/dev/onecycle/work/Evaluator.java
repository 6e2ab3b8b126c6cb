package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.evaluation.Assessment;
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
import dev.onecycle.run.Best;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.output.PictureAnswer;
import dev.onecycle.run.output.RunAnswers;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.training.ViewLogits;
import dev.onecycle.training.data.BatchLoader;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The evaluation of a trained run's best weights, as its last work. */
final class Evaluator {

  private final RunContext context;
  private final Recipe recipe;
  private final SnapshotData data;
  private final Numerics numerics;
  private final CheckpointStore checkpoints;
  private final RunAnswers kept;
  private final WorkerProperties properties;

  Evaluator(
      RunContext context,
      Recipe recipe,
      SnapshotData data,
      Numerics numerics,
      CheckpointStore checkpoints,
      RunAnswers kept,
      WorkerProperties properties) {
    this.context = context;
    this.recipe = recipe;
    this.data = data;
    this.numerics = numerics;
    this.checkpoints = checkpoints;
    this.kept = kept;
    this.properties = properties;
  }

  /**
   * Evaluates the weights as they were stored, on the calling torch thread.
   *
   * @param menuPictures how many the choices of views are compared on, at most
   * @throws java.util.concurrent.CancellationException once a stop is requested
   */
  void evaluate(int menuPictures) {
    Best found = requireNonNull(context.best(), "evaluated before its first epoch");
    UUID checkpoint = requireNonNull(found.checkpoint(), "its best weights are gone");
    EpochRecord best = found.epoch();
    StateDict weights =
        Outage.outlast(() -> checkpoints.load(checkpoint), context::stopRequested).state();
    try (Network network = new Network(weights, numerics);
        BatchLoader loader = new BatchLoader(properties.dataThreads(), numerics.precision())) {
      ViewLogits answers = answers(network, loader, best.phase());
      Assessment plain = new Assessment(answers.size(), data.labels().size());
      Double ttaAccuracy = assess(answers, plain);
      TtaMenu menu = TtaMenu.of(answers.atMost(Math.min(menuPictures, mostOf(TtaMenu.PASSES))));
      if (ttaAccuracy != null) {
        context.ttaAccuracy(checkpoint, ttaAccuracy);
      }
      List<PictureAnswer> each =
          Evaluation.answers(plain, index -> data.validImage(best.phase(), index));
      context.whileHeld(() -> kept.write(context.run(), each));
      Evaluation.of(
              new Evaluation.Subject(checkpoint, best.phase(), best.epoch(), best.leaky()),
              data.labels(),
              plain,
              index -> data.validImage(best.phase(), index),
              ttaAccuracy,
              menu)
          .keep(context);
    }
  }

  private ViewLogits answers(Network network, BatchLoader loader, int phaseNumber) {
    Phase phase = recipe.phases().get(phaseNumber - 1);
    return new ViewLogits(
        network,
        data.valid(phaseNumber),
        new ViewLogits.Source(
            loader,
            Views.of(recipe.itemSize(), phase.size(), data.normalization()),
            phase.batchSize(),
            recipe.augmentation(),
            recipe.seed()),
        context::stopRequested);
  }

  /**
   * Looks at all pictures, in parts whose logits fit into the memory, and adds the plain views'
   * answers to {@code plain}.
   *
   * @return the accuracy of fastai's {@code learn.tta(n, beta)} with the recipe's numbers, or null
   *     where the recipe has none
   */
  private @Nullable Double assess(ViewLogits answers, Assessment plain) {
    Tta tta = recipe.tta();
    int most = mostOf(tta == null ? 1 : 1 + tta.views());
    int right = 0;
    for (int from = 0; from < answers.size(); from += most) {
      ViewLogits part = answers.part(from, Math.min(answers.size(), from + most));
      plain.add(part.plain().logits());
      right += tta == null ? 0 : right(part, tta);
    }
    return tta == null ? null : (double) right / answers.size();
  }

  private static int right(ViewLogits answers, Tta tta) {
    List<LabelledLogits> augmented =
        IntStream.range(0, tta.views()).mapToObj(view -> answers.augmented(view).logits()).toList();
    return new ViewedAnswers(answers.plain().logits(), augmented).right(tta.combine(), tta.beta());
  }

  /** Returns how many pictures' logits may be held, of so many views each. */
  private int mostOf(int views) {
    return Math.max(1, Assessment.MOST_LOGITS / data.labels().size() / views);
  }
}
