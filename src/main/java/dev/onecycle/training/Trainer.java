package dev.onecycle.training;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.MemoryFormat;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.network.Weights;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.Scope;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The training of a network by a recipe, on the calling torch thread: for each phase, for each of
 * its fits, for each epoch, for each batch {forward, loss, backward, step}; then validate, where
 * the recipe has it, then tell.
 *
 * <p>The same recipe, seed and data give the same run: every draw is a function of its place. So
 * does a run that goes on from a state that its {@link TrainingControl} kept.
 */
public final class Trainer implements AutoCloseable {

  /** How many steps may pass before their losses are read from the device. */
  private static final int STEPS_BETWEEN_SYNCS = 10;

  private final Recipe recipe;
  private final Batches batches;
  private final TrainingListener listener;
  private final TrainingControl control;
  private final MemoryFormat format;
  private final Network network;
  private final Objective objective;
  private final @Nullable WeightAverage average;
  private final LossLog losses;
  private final EarlyEnd early;
  private final @Nullable Timekeeper timekeeper;
  private TrainingPlan plan;
  private Position position = Position.START;
  private @Nullable TrainingStateReader resumed;

  /**
   * Makes a trainer that starts with {@code initial}.
   *
   * @param batches closed by whoever made them
   * @param control asked before every step; once it requests a stop, {@link #train} returns
   */
  public Trainer(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      Numerics numerics,
      TrainingListener listener,
      TrainingControl control) {
    this(recipe, batches, initial, numerics, listener, control, null);
  }

  /**
   * Makes a trainer that ends in time: its plan is the timekeeper's, and changes as it goes.
   *
   * @param timekeeper null for one whose plan is its recipe's
   */
  public Trainer(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      Numerics numerics,
      TrainingListener listener,
      TrainingControl control,
      @Nullable Timekeeper timekeeper) {
    this.recipe = recipe;
    this.batches = batches;
    format = numerics.format();
    this.listener = listener;
    this.control = control;
    early = new EarlyEnd(recipe.earlyStopping());
    this.timekeeper = timekeeper;
    plan =
        timekeeper == null
            ? TrainingPlan.ofSteps(recipe, batches::stepsPerEpoch)
            : timekeeper.plan();
    try (Scope scope = Scope.open()) {
      network = new Network(initial, numerics);
      objective = new Objective(recipe.labelSmoothing());
      average = recipe.ema() == null ? null : new WeightAverage(network.weights(), recipe.ema());
      losses = new LossLog(STEPS_BETWEEN_SYNCS);
    }
  }

  /** Returns what training from scratch starts with. */
  public static StateDict fromScratch(Recipe recipe, int classes) {
    Layout layout = Layout.of(Architecture.of(recipe.network()), classes);
    return Initialization.random(layout, RandomStream.INITIAL_WEIGHTS.of(recipe.seed()));
  }

  /**
   * Returns what training starts with that builds on other weights of the recipe's architecture.
   */
  public static StateDict withNewHead(StateDict body, Recipe recipe, int classes) {
    return Initialization.withNewHead(
        body, classes, RandomStream.INITIAL_WEIGHTS.of(recipe.seed()));
  }

  /**
   * Goes on from where a trainer of the same recipe and data was, instead of from the beginning.
   *
   * @throws Failure.Invalid if the state is of another recipe or memory format
   */
  public void goOnFrom(TrainingStateReader state) {
    if (state.format() != format) {
      throw new Failure.Invalid(
          "a training's state in the memory format %s, not %s".formatted(state.format(), format),
          null);
    }
    position = state.position();
    resumed = state;
    exchange(state);
  }

  /**
   * Trains to the end of the recipe, or until a stop is requested or nothing improves any more.
   *
   * @return whether it came to an end of its own; false after a requested stop
   * @throws DivergedException when the loss is no longer a number, or explodes
   */
  public boolean train() {
    for (; position.phase() <= recipe.phases().size(); position = position.nextPhase()) {
      List<Fit> fits = Fit.of(recipe.phases().get(position.phase() - 1));
      for (int number = 0; number < fits.size(); number++) {
        if (isBeforeEndOf(number)) {
          try (FitRun run = new FitRun(fits.get(number), number)) {
            while (isBeforeEndOf(number)) {
              if (!run.train() || !run.endEpoch()) {
                return false;
              }
            }
          }
        }
      }
    }
    return true;
  }

  private boolean isBeforeEndOf(int fit) {
    return position.epoch() < plan.end(position.phase(), fit) && !early.isOver();
  }

  /** Returns a copy of the weights as they are now: the averaged ones, if any. */
  public StateDict state() {
    try (Scope scope = Scope.open()) {
      return network.state(judged());
    }
  }

  /** Returns the weights that validation judges and a checkpoint keeps. */
  private Weights judged() {
    return average == null ? network.weights() : average.average();
  }

  /** Exchanges what outlives a fit; INVARIANT: the losses of all steps were read. */
  private void exchange(StateExchange with) {
    network.batchesTracked((long) with.number("batches", (double) network.batchesTracked()));
    with.weights("weights", network.weights());
    if (average != null) {
      average.exchange(with);
    }
    early.exchange(with);
    if (timekeeper != null) {
      timekeeper.exchange(with);
      plan = timekeeper.plan();
    }
  }

  /** Lets the timekeeper plan what is left anew; INVARIANT: the losses of all steps were read. */
  private void look() {
    if (timekeeper != null) {
      plan = timekeeper.planFrom(position);
    }
  }

  @Override
  public void close() {
    losses.close();
    if (average != null) {
      average.close();
    }
    objective.close();
    network.close();
  }

  /** One fit: its own schedule, optimizer and smoothed loss. */
  private final class FitRun implements AutoCloseable {

    private final int phaseNumber = position.phase();
    private final Phase phase = recipe.phases().get(phaseNumber - 1);
    private final Fit fit;
    private final int number;
    private final int begin;
    private final Descent descent;
    private final SmoothedLoss smoothed = new SmoothedLoss();
    private final Explosion explosion = new Explosion(network.layout().classes());
    private final Pace pace = new Pace();

    /** Begins the fit of that number in the phase that it is at. */
    FitRun(Fit fit, int number) {
      this.fit = fit;
      this.number = number;
      begin = plan.begin(phaseNumber, number);
      descent =
          new Descent(
              network, objective, recipe, phase.accumulate(), fit.schedules().size(), fit.frozen());
      if (resumed != null && stepsOfFitDone() > 0) {
        exchange(resumed);
        if (resumed.isMoved()) {
          descent.forgetGradients();
        }
      }
      resumed = null; // and its file may go
    }

    /** Exchanges what ends with the fit. */
    private void exchange(StateExchange with) {
      try (Scope scope = Scope.open()) {
        descent.exchange(with);
      }
      smoothed.exchange(with);
      explosion.exchange(with);
    }

    private long stepsOfFitDone() {
      return plan.stepsOf(phaseNumber, begin, position.epoch()) + position.step();
    }

    private long stepsDone() {
      return plan.stepsAt(position);
    }

    /** Returns which share of the schedule was done so many steps ago. */
    private double done(int stepsAgo) {
      return plan.done(phaseNumber, number, stepsOfFitDone() - stepsAgo);
    }

    private boolean isLookDue() {
      return timekeeper != null && timekeeper.isDue() && !isEpochTrained();
    }

    private boolean isEpochTrained() {
      return position.step() >= plan.stepsPerEpoch(phaseNumber, position.epoch());
    }

    /** Takes the steps that the epoch has left; false if a stop was requested. */
    boolean train() {
      pace.startEpoch();
      batches.takeWaitedNanos();
      Stretch in = plan.partAt(phaseNumber, position.epoch()).stretch();
      try (Batches.Pass pass = batches.train(position, in)) {
        while (!isEpochTrained()) {
          if (control.stopRequested()) {
            keep();
            return false;
          }
          try (Scope scope = Scope.open()) {
            step(pass.next());
          }
          boolean lookDue = isLookDue();
          if (losses.isFull() || isEpochTrained() || lookDue) {
            readLosses();
          }
          if (lookDue) {
            look();
          }
          if (control.keepDue(false)) {
            keep();
          }
        }
      }
      pace.endTraining();
      return true;
    }

    private void step(Batch batch) {
      Descent.Step taken = descent.step(batch, stepsDone(), fit.ratesAt(done(0)));
      if (taken.updated() && average != null) {
        average.add(network.weights());
      }
      losses.add(taken.loss());
      pace.add(batch.count());
      position = position.nextStep();
    }

    private void readLosses() {
      float[] read = losses.drain();
      double imagesPerSecond = pace.lately();
      for (int i = 0; i < read.length; i++) {
        int ago = read.length - 1 - i;
        long step = stepsDone() - ago;
        double done = done(ago + 1);
        double learningRate = fit.shown().learningRateAt(done);
        if (!Float.isFinite(read[i])) {
          throw DivergedException.noNumber(step, learningRate);
        }
        smoothed.add(read[i]);
        if (explosion.after(read[i], smoothed.value())) {
          throw DivergedException.exploded(smoothed.value(), step, learningRate);
        }
        listener.onStep(
            new TrainingListener.Step(
                phaseNumber,
                position.epoch(),
                plan.epochs(phaseNumber),
                step,
                plan.steps(),
                read[i],
                smoothed.value(),
                learningRate,
                fit.shown().momentumAt(done),
                imagesPerSecond));
      }
    }

    /**
     * Validates the epoch just trained, if that is due, and tells of it; false if a stop was
     * requested.
     */
    boolean endEpoch() {
      double waited = batches.takeWaitedNanos() / 1e9;
      Validation validation = null;
      if (isValidated(position.epoch())) {
        Optional<Validation> result = validate();
        if (result.isEmpty()) {
          keep();
          return false;
        }
        validation = result.get();
        early.after(validation);
      }
      boolean last = isLast(position.epoch());
      tell(validation, waited, last);
      position = position.nextEpoch();
      if (last || control.keepDue(true)) {
        keep();
      }
      if (!last) {
        look();
      }
      return true;
    }

    private boolean isValidated(int epoch) {
      return recipe.validates(epoch, plan.epochs(phaseNumber));
    }

    private Optional<Validation> validate() {
      try (Batches.Pass pass = batches.valid(phaseNumber)) {
        return Validation.of(network, judged(), objective, pass, control::stopRequested);
      }
    }

    private void tell(@Nullable Validation validation, double waited, boolean last) {
      listener.onEpoch(
          new TrainingListener.Epoch(
              phaseNumber,
              position.epoch(),
              smoothed.value(),
              validation == null ? null : validation.loss(),
              validation == null ? null : validation.accuracy(),
              fit.shown().learningRateAt(done(1)),
              pace.epochSeconds(),
              pace.ofEpoch(),
              waited,
              batches.leaky(phaseNumber),
              last),
          Trainer.this::state);
    }

    /** Returns whether the training ends with that epoch, which was just trained. */
    private boolean isLast(int epoch) {
      boolean ofPhase = epoch == plan.epochs(phaseNumber) - 1;
      return early.isOver() || (ofPhase && phaseNumber == recipe.phases().size());
    }

    /** Hands out what it takes to go on from here. */
    private void keep() {
      readLosses();
      TrainingStateWriter state =
          new TrainingStateWriter(position, stepsDone(), plan.steps(), format);
      Trainer.this.exchange(state);
      if (stepsOfFitDone() > 0 && position.epoch() < plan.end(phaseNumber, number)) {
        exchange(state);
      }
      control.keep(state);
    }

    @Override
    public void close() {
      descent.close();
    }
  }
}
