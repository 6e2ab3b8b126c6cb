package dev.onecycle.training;

import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.torch.Scope;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import dev.onecycle.training.optimizer.Rates;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The sweep of the learning rate over a network that is thrown away: the batches and losses of a
 * recipe's first phase, all parameter groups at one rate but those that its first fit freezes,
 * momentum .9 throughout.
 */
public final class LearningRateFinder {

  /** How many steps a sweep has, unless the loss ends it earlier. */
  public static final int STEPS = LearningRateSweep.STEPS;

  private static final double MOMENTUM = .9;

  private LearningRateFinder() {}

  /**
   * Sweeps, on the calling torch thread.
   *
   * @param batches closed by whoever made them
   * @param told of every step
   * @param stopRequested asked before every step
   * @return what was found; empty if a stop was requested
   * @throws dev.onecycle.platform.Failure.Invalid if the loss diverged too early to suggest
   *     anything
   */
  public static Optional<LearningRateCurve> find(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      Numerics numerics,
      Consumer<TrainingListener.Step> told,
      BooleanSupplier stopRequested) {
    Phase phase = recipe.phases().get(0);
    Fit fit = Fit.of(phase).get(0);
    LearningRateSweep sweep = new LearningRateSweep();
    Pace pace = new Pace();
    pace.startEpoch();
    try (Network network = new Network(initial, numerics);
        Objective objective = new Objective(recipe.labelSmoothing());
        Descent descent =
            new Descent(
                network,
                objective,
                recipe,
                phase.accumulate(),
                fit.schedules().size(),
                fit.frozen())) {
      for (int epoch = 0; !sweep.isOver(); epoch++) {
        try (Batches.Pass pass = batches.train(new Position(1, epoch, 0), phase.stretchAt(0))) {
          while (pass.hasNext() && !sweep.isOver()) {
            if (stopRequested.getAsBoolean()) {
              return Optional.empty();
            }
            double rate = sweep.rate();
            Batch batch = pass.next();
            double loss = step(descent, batch, sweep.done(), fit.ratesOf(rate, MOMENTUM));
            sweep.add(loss);
            pace.add(batch.count());
            told.accept(step(epoch, batches.stepsPerEpoch(1, 0), sweep, loss, rate, pace.lately()));
          }
        }
      }
    }
    return Optional.of(sweep.curve());
  }

  private static double step(Descent descent, Batch batch, int number, List<Rates> rates) {
    try (Scope scope = Scope.open()) {
      return descent.step(batch, number, rates).loss().item(); // sync point
    }
  }

  private static TrainingListener.Step step(
      int epoch,
      int stepsPerEpoch,
      LearningRateSweep sweep,
      double loss,
      double rate,
      double imagesPerSecond) {
    int epochs = (LearningRateSweep.STEPS + stepsPerEpoch - 1) / stepsPerEpoch;
    return new TrainingListener.Step(
        1,
        epoch,
        epochs,
        sweep.done(),
        LearningRateSweep.STEPS,
        loss,
        sweep.loss(),
        rate,
        MOMENTUM,
        imagesPerSecond);
  }
}
