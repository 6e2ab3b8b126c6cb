package dev.onecycle.check;

import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Optimizer;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.Objective;
import dev.onecycle.training.optimizer.Optimization;
import dev.onecycle.training.optimizer.Rates;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A network in training on the same random pictures at every step, for checks and measurements. For
 * the torch thread that made it; closing it frees the device's memory.
 */
public final class TrainSubject implements AutoCloseable {

  private final Network network;
  private final Optimization optimizer;
  private final Objective objective = new Objective(0);
  private final int size;
  private final float[] pixels;
  private final long[] labels;

  /** Makes one whose every step takes {@code batch} pictures of {@code size} pixels. */
  public TrainSubject(StateDict state, Numerics numerics, int batch, int size) {
    network = new Network(state, numerics);
    Optimizer numbers = RecipeReader.read(Map.of(), null).optimizer();
    optimizer = new Optimization(network.parameters(), network.groups(1), network.sizes(), numbers);
    this.size = size;
    RandomGenerator random = new Seed(2).generator();
    pixels = new float[batch * size * size * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    labels = random.longs(batch, 0, 10).toArray();
  }

  private Tensor pictures() {
    return Tensor.of(pixels, labels.length, size, size, 3);
  }

  /**
   * Takes whole steps: pictures in, forward, loss, backward, AdamW; returns the last one's loss.
   */
  public float steps(int count) {
    float last = Float.NaN;
    for (int i = 0; i < count; i++) {
      try (Scope step = Scope.open()) {
        Tensor pictures = pictures();
        Tensor loss;
        Parameters leaves = network.parameters().leaves();
        try (Gradients.Recording recording = Gradients.record()) {
          Tensor targets = Tensor.of(labels, labels.length);
          loss = objective.loss(network.train(leaves, pictures), targets);
        }
        loss.backward();
        optimizer.step(leaves.gradients(), List.of(new Rates(1e-3, .9, false)));
        last = loss.item(); // sync point: the clock must see the whole step
      }
    }
    return last;
  }

  /** Validation's forward passes. */
  public void forward(int count) {
    for (int i = 0; i < count; i++) {
      try (Scope pass = Scope.open()) {
        network.evaluate(pictures()).floats(); // sync point, as above
      }
    }
  }

  /** Returns a copy of the weights as they are now. */
  public StateDict state() {
    return network.state();
  }

  @Override
  public void close() {
    optimizer.close();
    objective.close();
    network.close();
  }
}
