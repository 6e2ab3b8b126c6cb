package dev.onecycle.training;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.StateDict;
import dev.onecycle.network.Weights;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

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
  private final Seed blending;
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
    blending = Place.BLENDING.of(recipe.seed());
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
    private final AdamW optimizer;
    private final GradientSum gradients;
    private final SmoothedLoss smoothed = new SmoothedLoss();
    private final Pace pace = new Pace();
    private long stepOfFit;

    FitRun(int phaseNumber, Fit fit) {
      this.phaseNumber = phaseNumber;
      this.fit = fit;
      phase = recipe.phases().get(phaseNumber - 1);
      stepsOfFit = (long) fit.epochs() * batches.stepsPerEpoch(phaseNumber);
      var numbers = recipe.optimizer();
      optimizer =
          new AdamW(
              network.parameters(),
              network.groups(fit.schedules().size()),
              new AdamW.Settings(numbers.weightDecay(), numbers.sqrMomentum(), numbers.epsilon()));
      gradients = new GradientSum(phase.accumulate(), numbers.gradientClip());
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
      Parameters leaves = network.parameters().leaves();
      Tensor loss;
      try (Gradients.Recording recording = Gradients.record()) {
        loss = loss(leaves, batch);
      }
      loss.backward();
      Parameters gradient = gradients.add(leaves.gradients());
      if (gradient != null) {
        optimizer.step(gradient, fit.ratesAt((double) stepOfFit / stepsOfFit));
        if (averaging != null) {
          averaging.add(network.weights());
        }
      }
      losses.add(loss);
      pace.add(batch.count());
      step++;
      stepOfFit++;
    }

    private Tensor loss(Parameters leaves, Batch batch) {
      if (recipe.mixup() == null) {
        return objective.loss(network.train(leaves, batch.pictures()), batch.targets());
      }
      RandomGenerator random = blending.child(step).generator();
      Blending drawn = Blending.draw(batch.count(), recipe.mixup().alpha(), random);
      Tensor blended = objective.blend(batch.pictures(), drawn);
      return objective.blendedLoss(network.train(leaves, blended), batch.targets(), drawn);
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
      optimizer.close();
      gradients.close();
    }
  }
}
