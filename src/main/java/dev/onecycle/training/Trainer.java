package dev.onecycle.training;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.network.Weights;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.torch.Scope;
import java.util.function.BooleanSupplier;

/**
 * Trains a network by a recipe, on the calling torch thread: for each phase, for each of its fits,
 * for each epoch, for each batch {forward, loss, backward, step}; then validate, then tell.
 *
 * <p>The same recipe, seed and data give the same run: every draw is a function of its place.
 */
public final class Trainer implements AutoCloseable {

  /** How many steps may pass before their losses are read from the device. */
  private static final int STEPS_BETWEEN_SYNCS = 10;

  private final Recipe recipe;
  private final Batches batches;
  private final TrainingListener listener;
  private final BooleanSupplier stopRequested;
  private final Network network;
  private final Objective objective;
  private final Averaging averaging;
  private final LossLog losses;
  private final long steps;
  private long step;
  private int epoch;

  /**
   * A trainer that starts with {@code initial}.
   *
   * @param batches closed by whoever made them
   * @param stopRequested asked before every step; once true, {@link #train} returns
   */
  public Trainer(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      Numerics numerics,
      TrainingListener listener,
      BooleanSupplier stopRequested) {
    this.recipe = recipe;
    this.batches = batches;
    this.listener = listener;
    this.stopRequested = stopRequested;
    steps = stepsOf(recipe, batches);
    try (Scope scope = Scope.open()) {
      network = new Network(initial, numerics);
      objective = new Objective(recipe.labelSmoothing());
      averaging = recipe.ema() == null ? null : new Averaging(network.weights(), recipe.ema());
      losses = new LossLog(STEPS_BETWEEN_SYNCS);
    }
  }

  /** What training from scratch starts with. */
  public static StateDict fromScratch(Recipe recipe, int classes) {
    Layout layout = Layout.of(Architecture.named(recipe.architecture()), classes);
    return Initialization.random(layout, Place.INITIAL_WEIGHTS.of(recipe.seed()));
  }

  /** What training starts with that builds on other weights of the recipe's architecture. */
  public static StateDict withNewHead(StateDict body, Recipe recipe, int classes) {
    return Initialization.withNewHead(body, classes, Place.INITIAL_WEIGHTS.of(recipe.seed()));
  }

  private static long stepsOf(Recipe recipe, Batches batches) {
    long steps = 0;
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      steps += (long) batches.stepsPerEpoch(phase) * recipe.phases().get(phase - 1).totalEpochs();
    }
    return steps;
  }

  /**
   * Trains to the end of the recipe, or until a stop is requested or nothing improves any more.
   *
   * @return whether it came to an end of its own; false after a requested stop
   * @throws DivergedException when the loss is no longer a number
   */
  public boolean train() {
    EarlyEnd early = new EarlyEnd(recipe.earlyStopping());
    for (int phase = 1; phase <= recipe.phases().size(); phase++) {
      int epochOfPhase = 0;
      for (Fit fit : Fit.of(recipe.phases().get(phase - 1))) {
        try (FitRun run = new FitRun(phase, fit)) {
          for (int i = 0; i < fit.epochs(); i++) {
            if (!run.train(epochOfPhase)) {
              return false;
            }
            if (early.after(run.validate(epochOfPhase))) {
              return true;
            }
            epochOfPhase++;
          }
        }
      }
    }
    return true;
  }

  /** A copy of the weights as they are now: the averaged ones, if any. */
  public StateDict state() {
    try (Scope scope = Scope.open()) {
      return network.state(judged());
    }
  }

  /** The weights that validation judges and a checkpoint keeps. */
  private Weights judged() {
    return averaging == null ? network.weights() : averaging.average();
  }

  @Override
  public void close() {
    losses.close();
    if (averaging != null) {
      averaging.close();
    }
    objective.close();
    network.close();
  }

  /** One fit: its own schedule, optimizer and smoothed loss. */
  private final class FitRun implements AutoCloseable {

    private final int phaseNumber;
    private final Phase phase;
    private final Fit fit;
    private final long stepsOfFit;
    private final Descent descent;
    private final SmoothedLoss smoothed = new SmoothedLoss();
    private final Pace pace = new Pace();
    private long stepOfFit;

    FitRun(int phaseNumber, Fit fit) {
      this.phaseNumber = phaseNumber;
      this.fit = fit;
      phase = recipe.phases().get(phaseNumber - 1);
      stepsOfFit = (long) fit.epochs() * batches.stepsPerEpoch(phaseNumber);
      descent =
          new Descent(
              network, objective, recipe, phase.accumulate(), fit.schedules().size(), fit.frozen());
    }

    /** One epoch of training; false if a stop was requested. */
    boolean train(int epochOfPhase) {
      pace.startEpoch();
      batches.takeWaitedNanos();
      try (Batches.Pass pass = batches.train(phaseNumber, epoch)) {
        while (pass.hasNext()) {
          if (stopRequested.getAsBoolean()) {
            return false;
          }
          try (Scope scope = Scope.open()) {
            step(pass.next());
          }
          if (losses.isFull() || !pass.hasNext()) {
            readLosses(epochOfPhase);
          }
        }
      }
      pace.endTraining();
      return true;
    }

    private void step(Batch batch) {
      Descent.Step taken = descent.step(batch, step, fit.ratesAt((double) stepOfFit / stepsOfFit));
      if (taken.updated() && averaging != null) {
        averaging.add(network.weights());
      }
      losses.add(taken.loss());
      pace.add(batch.count());
      step++;
      stepOfFit++;
    }

    private void readLosses(int epochOfPhase) {
      float[] read = losses.drain();
      double imagesPerSecond = pace.lately();
      for (int i = 0; i < read.length; i++) {
        int ago = read.length - 1 - i;
        double position = (double) (stepOfFit - 1 - ago) / stepsOfFit;
        double learningRate = fit.shown().learningRateAt(position);
        if (!Float.isFinite(read[i])) {
          throw new DivergedException(step - ago, learningRate);
        }
        smoothed.add(read[i]);
        listener.onStep(
            new TrainingListener.Step(
                phaseNumber,
                epochOfPhase,
                phase.totalEpochs(),
                step - ago,
                steps,
                read[i],
                smoothed.value(),
                learningRate,
                fit.shown().momentumAt(position),
                imagesPerSecond));
      }
    }

    /** Validates the epoch just trained and tells of it. */
    Validation validate(int epochOfPhase) {
      double waited = batches.takeWaitedNanos() / 1e9;
      Validation validation;
      try (Batches.Pass pass = batches.valid(phaseNumber)) {
        validation = Validation.of(network, judged(), objective, pass);
      }
      listener.onEpoch(
          new TrainingListener.Epoch(
              phaseNumber,
              epochOfPhase,
              smoothed.value(),
              validation.loss(),
              validation.accuracy(),
              fit.shown().learningRateAt((stepOfFit - 1.0) / stepsOfFit),
              pace.epochSeconds(),
              pace.ofEpoch(),
              waited,
              batches.leaky(phaseNumber)),
          Trainer.this::state);
      epoch++;
      return validation;
    }

    @Override
    public void close() {
      descent.close();
    }
  }
}
