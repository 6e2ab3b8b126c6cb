package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.fleet.WorkerProperties;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Budget;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.recipe.Tta;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.run.Workload;
import dev.onecycle.run.forecast.Experience;
import dev.onecycle.run.forecast.TimeEstimate;
import dev.onecycle.training.BudgetPlanner;
import dev.onecycle.training.DataFacts;
import dev.onecycle.training.PictureTimes;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.StepMeter;
import dev.onecycle.training.StepTimes;
import dev.onecycle.training.Timekeeper;
import dev.onecycle.training.TrainingPlan;
import dev.onecycle.training.TrainingStateReader;
import dev.onecycle.training.TtaMenu;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleSupplier;
import org.springframework.stereotype.Component;

/**
 * The beginnings of trainings that have a budget. It counts from when the worker takes the run,
 * pictures that are decoded first included, to the end of its evaluation.
 */
@Component
class Budgets {

  /** How much of the budget steps may be measured for. */
  private static final double MEASURING = 0.08;

  /** How much of it the comparison of views at the end may take, and what else comes then. */
  private static final double MENU = 0.02;

  private static final double END_SECONDS = 1;

  private final WorkerProperties properties;
  private final Clock clock;

  Budgets(WorkerProperties properties, Clock clock) {
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * A training that ends in time.
   *
   * @param recipe in the sizes that there is time for
   */
  record Timed(Recipe recipe, Timekeeper timekeeper) {

    /**
     * Returns how many pictures the views are compared on at the end: as many as there is time for.
     */
    int menuPictures(int most, int valid) {
      return (int) Math.max(1, Math.min(most, left(valid) / TtaMenu.PASSES));
    }

    /** Returns how many a {@link Quantizer} may look at before: in half of that time. */
    int quantizerPictures(int valid) {
      return (int) Math.max(0, Math.min(Quantizer.PICTURES, left(valid) / 2 / Quantizer.PASSES));
    }

    /** Returns how many pictures could be looked at once, beside the evaluation itself. */
    private double left(int valid) {
      double each = timekeeper.validationSeconds() / valid;
      return (timekeeper.left() - END_SECONDS / 2) / each - valid;
    }
  }

  /**
   * Returns how many seconds of a budget there are now.
   *
   * @throws dev.onecycle.platform.Failure.Invalid if there are none
   */
  double ahead(Budget budget) {
    budget.requireAhead(clock.instant());
    return seconds(budget);
  }

  /** Returns how many seconds of a budget there are now; none or less once its end has passed. */
  double seconds(Budget budget) {
    Duration left = budget.left(clock.instant());
    return left.getSeconds() + left.getNano() / 1e9;
  }

  /** A training as it would be planned here. */
  record Foreseen(Recipe recipe, TrainingPlan plan) {}

  /** Foresees a training by the speed of earlier epochs; empty where there are none. */
  static Optional<Foreseen> foresee(
      Recipe recipe, DataFacts data, Experience.Known known, double seconds) {
    Map<Integer, Double> each = new HashMap<>();
    for (Phase phase : recipe.phases()) {
      for (Stretch stretch : phase.stretches()) {
        TimeEstimate one = known.estimate(Workload.picture(recipe, stretch.size()), null);
        if (one != null) {
          each.put(stretch.size(), one.seconds());
        }
      }
    }
    if (each.isEmpty()) {
      return Optional.empty();
    }
    PictureTimes times = new PictureTimes(each, Map.of(), 0);
    int valid = data.validPictures(recipe);
    BudgetPlanner planner =
        BudgetPlanner.choose(
            recipe,
            phase -> data.trainPictures(recipe),
            smaller -> times(smaller, times, valid, seconds),
            seconds);
    TrainingPlan plan = planner.plan(times(planner, times, valid, seconds), seconds);
    return Optional.of(new Foreseen(planner.recipe(), plan));
  }

  /** Returns what steps and the end take, by what is known of pictures. */
  static StepTimes times(BudgetPlanner planner, PictureTimes known, int valid, double seconds) {
    Tta tta = planner.recipe().tta();
    int views = 1 + (tta == null ? 0 : tta.views());
    return known.steps(planner, valid, views, END_SECONDS + MENU * seconds);
  }

  /**
   * Measures this machine and plans a training, or takes up where {@code state} was kept; on the
   * torch thread.
   *
   * @param recipe with a budget
   * @param begun nanoseconds of {@link System#nanoTime} when the attempt began
   * @throws CancellationException once a stop is requested
   * @throws WorkFailed where its time was over before it began
   */
  Timed start(
      RunContext context,
      Recipe recipe,
      SnapshotData data,
      Numerics numerics,
      StateDict initial,
      Optional<TrainingStateReader> state,
      long begun)
      throws WorkFailed {
    Budget budget = requireNonNull(recipe.budget());
    DoubleSupplier passed = () -> (System.nanoTime() - begun) / 1e9;
    boolean until = budget.end().isPresent();
    double total = seconds(budget) + (until ? passed.getAsDouble() : 0);
    if (total <= 0 && state.isEmpty()) {
      throw new WorkFailed(
          RunFailure.Kind.DATA,
          "its budget ended at " + budget.until() + ", before a worker had it",
          "Give it a later moment, or a higher priority.",
          null);
    }
    int valid = data.valid(1).size();
    if (state.isPresent()) {
      Recipe same = BudgetPlanner.smaller(recipe, Timekeeper.sizes(state.get()));
      BudgetPlanner planner = planner(same, data);
      StepTimes later = times(planner, UNKNOWN, valid, total);
      return new Timed(same, new Timekeeper(planner, later, total, until, passed, context::log));
    }
    PictureTimes known = measure(context, recipe, data, numerics, initial, MEASURING * total);
    BudgetPlanner planner =
        BudgetPlanner.choose(
            recipe,
            phase -> data.train(phase).size(),
            each -> times(each, known, valid, total),
            total - passed.getAsDouble());
    StepTimes times = times(planner, known, valid, total);
    Timekeeper timekeeper = new Timekeeper(planner, times, total, until, passed, context::log);
    context.log("budget: " + timekeeper.describe());
    return new Timed(planner.recipe(), timekeeper);
  }

  /** What a training goes by until it has read what it knew. */
  private static final PictureTimes UNKNOWN = new PictureTimes(Map.of(128, 1.0), Map.of(), 0);

  private static BudgetPlanner planner(Recipe recipe, SnapshotData data) {
    return new BudgetPlanner(recipe, phase -> data.train(phase).size());
  }

  private PictureTimes measure(
      RunContext context,
      Recipe recipe,
      SnapshotData data,
      Numerics numerics,
      StateDict initial,
      double seconds) {
    try (RecipeBatches batches =
        new RecipeBatches(recipe, data, properties.dataThreads(), numerics.precision())) {
      PictureTimes measured =
          StepMeter.measure(recipe, batches, initial, numerics, seconds, context::stopRequested);
      if (context.stopRequested()) {
        throw new CancellationException("a stop was requested");
      }
      return measured;
    }
  }
}
