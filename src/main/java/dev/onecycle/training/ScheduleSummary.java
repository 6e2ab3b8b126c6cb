package dev.onecycle.training;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The phases, fits and learning rates of a run's steps, before any is taken.
 *
 * @param curve of the last parameter group over the whole run, at most {@value #MOST_POINTS} points
 */
public record ScheduleSummary(List<PhaseSummary> phases, List<Point> curve) {

  static final int MOST_POINTS = 200;

  /**
   * One phase.
   *
   * @param phase from 1
   */
  public record PhaseSummary(
      int phase,
      Phase.Policy policy,
      int size,
      int batchSize,
      int stepsPerEpoch,
      List<FitSummary> fits) {}

  /**
   * One stretch under one schedule, with a fresh optimizer.
   *
   * @param groups lowest first
   */
  public record FitSummary(int epochs, long steps, List<Group> groups, Corners momentum) {}

  /**
   * One parameter group of a fit.
   *
   * @param frozen whether only its norms train
   */
  public record Group(Corners learningRate, boolean frozen) {}

  /** A schedule's value at its start, its peak and its end, which the last step comes close to. */
  public record Corners(double start, double peak, double end) {}

  /**
   * The learning rate and momentum of the last group in one step.
   *
   * @param step from 1
   */
  public record Point(long step, double learningRate, double momentum) {}

  /** Returns the summary of {@code recipe} under its {@code plan}. */
  public static ScheduleSummary of(Recipe recipe, TrainingPlan plan) {
    List<PhaseSummary> phases = new ArrayList<>();
    List<Point> curve = new ArrayList<>();
    long before = 0;
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      int stepsPerEpoch = plan.stepsPerEpoch().get(i);
      List<FitSummary> fits = new ArrayList<>();
      for (Fit fit : Fit.of(phase)) {
        long steps = (long) fit.epochs() * stepsPerEpoch;
        fits.add(summary(fit, steps));
        trace(fit, before, steps, plan.steps(), curve);
        before += steps;
      }
      phases.add(
          new PhaseSummary(
              i + 1, phase.policy(), phase.size(), phase.batchSize(), stepsPerEpoch, fits));
    }
    return new ScheduleSummary(phases, curve);
  }

  private static FitSummary summary(Fit fit, long steps) {
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < fit.schedules().size(); i++) {
      OneCycle cycle = fit.schedules().get(i);
      groups.add(
          new Group(
              new Corners(cycle.learningRateAt(0), cycle.learningRate(), cycle.learningRateAt(1)),
              fit.ratesAt(0).get(i).frozen()));
    }
    OneCycle.Momentum momentum = fit.shown().momentum();
    return new FitSummary(
        fit.epochs(),
        steps,
        groups,
        new Corners(momentum.start(), momentum.peak(), momentum.end()));
  }

  /** Adds the fit's share of evenly spread points. */
  private static void trace(Fit fit, long before, long steps, long all, List<Point> curve) {
    long points = Math.min(MOST_POINTS, all);
    while (curve.size() < points) {
      long step = points == 1 ? 0 : curve.size() * (all - 1) / (points - 1);
      if (step >= before + steps) {
        return;
      }
      double position = (double) (step - before) / steps;
      curve.add(
          new Point(
              step + 1, fit.shown().learningRateAt(position), fit.shown().momentumAt(position)));
    }
  }
}
