package dev.onecycle.training;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.training.optimizer.Rates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One stretch of training under one schedule with a fresh optimizer: a one-cycle or flat-cosine
 * phase is one, a fine-tune phase two, exactly as fastai's {@code fit_one_cycle}, {@code
 * fit_flat_cos} and {@code fine_tune}.
 *
 * @param epochs at least 1
 * @param schedules one per parameter group, lowest first
 * @param frozen whether only the last group trains; norms of the others still do, as in fastai
 */
public record Fit(int epochs, List<OneCycle> schedules, boolean frozen) {

  /** fastai's shape of the fit that warms the head up. */
  private static final double FROZEN_PCT_START = .99;

  private static final double FROZEN_DIV = 25;

  /** Returns the fits of {@code phase}, in order. */
  public static List<Fit> of(Phase phase) {
    return switch (phase.policy()) {
      case ONE_CYCLE, FLAT_COSINE ->
          List.of(
              new Fit(
                  phase.epochs(),
                  cycles(phase, List.of(phase.learningRate()), phase.pctStart(), phase.div()),
                  false));
      case FINE_TUNE -> fineTune(phase);
    };
  }

  private static List<Fit> fineTune(Phase phase) {
    List<Fit> fits = new ArrayList<>();
    int groups = phase.parameterGroups();
    double base = phase.learningRate();
    if (phase.freezeEpochs() > 0) {
      // slice(base) means base for the last group and a tenth of it for the others.
      List<Double> rates = new ArrayList<>(Collections.nCopies(groups, base / 10));
      rates.set(groups - 1, base);
      fits.add(
          new Fit(
              phase.freezeEpochs(),
              cycles(phase, rates, FROZEN_PCT_START, FROZEN_DIV),
              groups > 1));
    }
    List<Double> rates = geometric(base / 2 / phase.learningRateMultiplier(), base / 2, groups);
    fits.add(new Fit(phase.epochs(), cycles(phase, rates, phase.pctStart(), phase.div()), false));
    return fits;
  }

  private static List<OneCycle> cycles(
      Phase phase, List<Double> rates, double pctStart, double div) {
    List<Double> momentum = phase.momentum();
    OneCycle.Momentum corners =
        new OneCycle.Momentum(momentum.get(0), momentum.get(1), momentum.get(2));
    return rates.stream()
        .map(rate -> new OneCycle(rate, pctStart, div, phase.divFinal(), corners))
        .toList();
  }

  /** Returns {@code count} numbers from low to high, each the same multiple of the one before. */
  private static List<Double> geometric(double low, double high, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> count == 1 ? high : low * Math.pow(high / low, i / (count - 1.0)))
        .toList();
  }

  /** Returns what its epochs train in: a phase of several fits has one size and batch size. */
  List<Stretch> stretches(Phase phase) {
    return phase.plan().isEmpty()
        ? List.of(new Stretch(phase.size(), phase.batchSize(), epochs))
        : phase.plan();
  }

  /** Returns what each group trains with at {@code position}: steps done / steps in all. */
  public List<Rates> ratesAt(double position) {
    int last = schedules.size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(
            group ->
                new Rates(
                    schedules.get(group).learningRateAt(position),
                    schedules.get(group).momentumAt(position),
                    frozen && group < last))
        .toList();
  }

  /** Returns the same rate for each group, as a sweep of rates trains them. */
  List<Rates> ratesOf(double learningRate, double momentum) {
    int last = schedules.size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(group -> new Rates(learningRate, momentum, frozen && group < last))
        .toList();
  }

  /** Returns the schedule that is shown: the last group's. */
  public OneCycle shown() {
    return schedules.get(schedules.size() - 1);
  }
}
