package dev.onecycle.training;

import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.Scope;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The measuring of steps on a network that is thrown away, each size of a recipe in turn, the
 * smallest first, pictures being made ready as in training. The first steps of a size are left out:
 * the engine gets to know it in them.
 */
public final class StepMeter {

  private static final int WARM_UP = 2;
  private static final int STEPS = 4;

  private final Batches batches;
  private final double most;
  private final BooleanSupplier stopRequested;
  private final long begun = System.nanoTime();
  private final Map<Integer, Double> training = new HashMap<>();
  private final Map<Integer, Double> seen = new HashMap<>();
  private double cold;

  private StepMeter(Batches batches, double most, BooleanSupplier stopRequested) {
    this.batches = batches;
    this.most = most;
    this.stopRequested = stopRequested;
  }

  /**
   * Measures on the calling torch thread.
   *
   * @param batches closed by whoever made them
   * @param most seconds that it may take; a size for which that is too short is not measured
   * @param stopRequested asked before every step; it then ends with what there is
   */
  public static PictureTimes measure(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      Numerics numerics,
      double most,
      BooleanSupplier stopRequested) {
    StepMeter meter = new StepMeter(batches, most, stopRequested);
    Phase phase = recipe.phases().get(0);
    Fit fit = Fit.of(phase).get(0);
    try (Scope scope = Scope.open();
        Network network = new Network(initial, numerics);
        Objective objective = new Objective(recipe.labelSmoothing());
        Descent descent =
            new Descent(network, objective, recipe, 1, fit.schedules().size(), false)) {
      meter.training(recipe, batch -> descent.step(batch, 0, fit.ratesAt(0)).loss().item());
      meter.seen(recipe, batch -> network.evaluate(batch.pictures(), network.weights()).floats());
    }
    return new PictureTimes(meter.training, meter.seen, meter.cold);
  }

  /** Something that is done with a batch until its numbers have come back from the device. */
  private interface Doing {
    void with(Batch batch);
  }

  private void training(Recipe recipe, Doing step) {
    List<Stretch> all =
        recipe.phases().stream()
            .flatMap(phase -> phase.stretches().stream())
            .sorted(Comparator.comparingInt(Stretch::size))
            .toList();
    for (Stretch in : all) {
      int phase = phaseOf(recipe, in);
      double expected = training.isEmpty() ? 0 : in.batchSize() * times().training(in.size());
      boolean first = training.isEmpty();
      if (first || (!training.containsKey(in.size()) && fits(expected))) {
        try (Batches.Pass pass = batches.train(new Position(phase, 0, 0), in)) {
          measured(pass, step, in.size(), training);
        }
      }
    }
  }

  private PictureTimes times() {
    return new PictureTimes(training, seen, cold);
  }

  private static int phaseOf(Recipe recipe, Stretch in) {
    return IntStream.rangeClosed(1, recipe.phases().size())
        .filter(phase -> recipe.phases().get(phase - 1).stretches().contains(in))
        .findFirst()
        .orElseThrow();
  }

  private void seen(Recipe recipe, Doing look) {
    for (int phase = 1; phase <= recipe.phases().size() && !training.isEmpty(); phase++) {
      Phase here = recipe.phases().get(phase - 1);
      double expected = here.batchSize() * times().seen(here.size());
      if (!seen.containsKey(here.size()) && fits(expected)) {
        try (Batches.Pass pass = batches.valid(phase)) {
          measured(pass, look, here.size(), seen);
        }
      }
    }
  }

  /** Returns whether there is time to warm up and for a step of so many seconds. */
  private boolean fits(double seconds) {
    return seconds * (WARM_UP + 1) <= most - passed();
  }

  private double passed() {
    return (System.nanoTime() - begun) / 1e9;
  }

  private void measured(Batches.Pass pass, Doing doing, int size, Map<Integer, Double> times) {
    double first = 0;
    double seconds = 0;
    int pictures = 0;
    int steps = 0;
    for (int step = 0; step < WARM_UP + STEPS && pass.hasNext(); step++) {
      boolean enough = pictures > 0 && passed() > most;
      if (enough || stopRequested.getAsBoolean()) {
        break;
      }
      long begun = System.nanoTime();
      int count;
      try (Scope scope = Scope.open()) {
        Batch batch = pass.next();
        doing.with(batch);
        count = batch.count();
      }
      if (step == 1) {
        first = seconds;
      }
      if (step <= WARM_UP) {
        seconds = 0;
        pictures = 0;
      }
      seconds += (System.nanoTime() - begun) / 1e9;
      pictures += count;
      steps = Math.max(1, step - WARM_UP + 1);
    }
    if (pictures > 0) {
      times.put(size, seconds / pictures);
      cold = Math.max(0, first - seconds / steps);
    }
  }
}
