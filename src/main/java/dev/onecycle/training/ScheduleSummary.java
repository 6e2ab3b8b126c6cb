package dev.onecycle.training;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
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
   * @param size of the pictures that validate, and of those that train where there is one stretch
   * @param batchSize likewise
   * @param stepsPerEpoch of its first stretch
   * @param stretches what it trains in, in order; at least one
   */
  public record PhaseSummary(
      int phase,
      Phase.Policy policy,
      int size,
      int batchSize,
      int stepsPerEpoch,
      List<StretchSummary> stretches,
      List<FitSummary> fits) {}

  /** Some epochs in one size and batch size. */
  public record StretchSummary(int size, int batchSize, int epochs, int stepsPerEpoch) {

    private static List<StretchSummary> of(List<TrainingPlan.Part> parts) {
      List<StretchSummary> all = new ArrayList<>();
      for (TrainingPlan.Part part : parts) {
        Stretch in = part.stretch();
        StretchSummary before = all.isEmpty() ? null : all.get(all.size() - 1);
        int epochs = in.epochs();
        if (before != null
            && before.size == in.size()
            && before.batchSize == in.batchSize()
            && before.stepsPerEpoch == part.stepsPerEpoch()) {
          epochs += before.epochs;
          all.remove(all.size() - 1);
        }
        all.add(new StretchSummary(in.size(), in.batchSize(), epochs, part.stepsPerEpoch()));
      }
      return all;
    }
  }

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
      List<TrainingPlan.Part> parts = plan.phases().get(i);
      List<FitSummary> fits = new ArrayList<>();
      for (Fit fit : Fit.of(phase)) {
        int begin = plan.begin(i + 1, fits.size());
        int end = plan.end(i + 1, fits.size());
        long steps = plan.stepsOf(i + 1, begin, end);
        fits.add(summary(fit, end - begin, steps));
        trace(fit, before, steps, plan.steps(), curve);
        before += steps;
      }
      phases.add(
          new PhaseSummary(
              i + 1,
              phase.policy(),
              phase.size(),
              phase.batchSize(),
              parts.get(0).stepsPerEpoch(),
              StretchSummary.of(parts),
              fits));
    }
    return new ScheduleSummary(phases, curve);
  }

  private static FitSummary summary(Fit fit, int epochs, long steps) {
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
        epochs, steps, groups, new Corners(momentum.start(), momentum.peak(), momentum.end()));
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
