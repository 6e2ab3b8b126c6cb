package dev.onecycle.work;

import dev.onecycle.network.MemoryFormat;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.Objective;
import dev.onecycle.training.Trainer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * The memory format that training is faster in on a processor of which that is not known: measured
 * when the first run of a network begins, and kept as long as the process lives. Only forward and
 * backward differ by it.
 */
final class MemoryFormats {

  /** How much faster the less usual one must be, so that noise does not choose it. */
  private static final double WORTHWHILE = 1.05;

  private static final int CLASSES = 2;
  private static final int MOST_PICTURES = 8;
  private static final int ROUNDS = 6;

  private final Map<String, MemoryFormat> found = new ConcurrentHashMap<>();

  /**
   * Returns what is faster for a recipe's network and first size, on the calling torch thread.
   *
   * @param log is told where it is measured
   */
  MemoryFormat faster(Recipe recipe, DType precision, Consumer<String> log) {
    Stretch first = recipe.phases().get(0).stretches().get(0);
    String kind = "%s in %s at %d".formatted(recipe.network().label(), precision, first.size());
    return found.computeIfAbsent(
        kind,
        absent -> {
          double speedup = contiguousSpeedup(recipe, precision);
          MemoryFormat faster = choice(speedup);
          log.accept(
              "steps are %.2f times as fast with contiguous pictures as with channels last: %s it is"
                  .formatted(speedup, faster));
          return faster;
        });
  }

  /** Returns what to use where contiguous pictures are so many times as fast. */
  static MemoryFormat choice(double contiguousSpeedup) {
    return contiguousSpeedup >= WORTHWHILE ? MemoryFormat.CONTIGUOUS : MemoryFormat.CHANNELS_LAST;
  }

  private static double contiguousSpeedup(Recipe recipe, DType precision) {
    Stretch first = recipe.phases().get(0).stretches().get(0);
    int pictures = Math.min(first.batchSize(), MOST_PICTURES);
    StateDict state = Trainer.fromScratch(recipe, CLASSES);
    try (Network channelsLast =
            new Network(state, new Numerics(precision, MemoryFormat.CHANNELS_LAST));
        Network contiguous = new Network(state, new Numerics(precision, MemoryFormat.CONTIGUOUS));
        Objective objective = new Objective(recipe.labelSmoothing());
        Scope scope = Scope.open()) {
      Tensor noise = noise(pictures, first.size());
      return speedup(
          () -> nanos(channelsLast, objective, noise), () -> nanos(contiguous, objective, noise));
    }
  }

  /**
   * Returns how many times as fast the other is, by the best step of each: what else goes on only
   * adds to a step.
   *
   * @param usual takes a step and returns its time; so does the other, in turns
   */
  static double speedup(DoubleSupplier usual, DoubleSupplier other) {
    double usualBest = Double.POSITIVE_INFINITY;
    double otherBest = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      usualBest = Math.min(usualBest, usual.getAsDouble());
      otherBest = Math.min(otherBest, other.getAsDouble());
    }
    return usualBest / otherBest;
  }

  private static Tensor noise(int pictures, int size) {
    RandomGenerator random = new Seed(0).generator();
    float[] pixels = new float[pictures * size * size * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Tensor.of(pixels, pictures, size, size, 3);
  }

  private static double nanos(Network network, Objective objective, Tensor pictures) {
    long begun = System.nanoTime();
    try (Scope step = Scope.open()) {
      Parameters leaves = network.parameters().leaves();
      int count = Math.toIntExact(pictures.shape()[0]);
      Tensor loss;
      try (Gradients.Recording recording = Gradients.record()) {
        Tensor targets = Tensor.of(new long[count], count);
        loss = objective.loss(network.train(leaves, pictures), targets);
      }
      loss.backward();
      loss.item(); // sync point: the clock must see the whole step
    }
    return System.nanoTime() - begun;
  }
}
