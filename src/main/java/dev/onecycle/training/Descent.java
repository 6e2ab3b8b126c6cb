package dev.onecycle.training;

import dev.onecycle.network.Network;
import dev.onecycle.network.Parameters;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Mixup;
import dev.onecycle.recipe.Optimizer;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.optimizer.Optimization;
import dev.onecycle.training.optimizer.Rates;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The descent of a network down its loss, batch by batch: forward, loss, backward, update. One per
 * fit: its optimizer is fresh.
 */
final class Descent implements AutoCloseable {

  private final Network network;
  private final Objective objective;
  private final @Nullable Mixup mixup;
  private final Seed blending;
  private final Optimization optimizer;
  private final GradientSum gradients;

  /**
   * The outcome of one batch.
   *
   * @param loss a scalar on the device
   * @param updated whether the weights moved; not while gradients are being accumulated
   */
  record Step(Tensor loss, boolean updated) {}

  /**
   * Makes a descent of {@code network}, which outlives it as does {@code objective}.
   *
   * @param accumulate how many batches make one update
   * @param groups how many parameter groups there are
   * @param frozen whether all but the last rest
   */
  Descent(
      Network network,
      Objective objective,
      Recipe recipe,
      int accumulate,
      int groups,
      boolean frozen) {
    this.network = network;
    this.objective = objective;
    mixup = recipe.mixup();
    blending = RandomStream.BLENDING.of(recipe.seed());
    Optimizer numbers = recipe.optimizer();
    List<Parameters.Range> ranges = network.groups(groups);
    optimizer = new Optimization(network.parameters(), ranges, network.sizes(), numbers);
    gradients = new GradientSum(accumulate, numbers.gradientClip(), training(ranges, frozen));
  }

  /**
   * Returns what trains: norms and biases of every group, the other weights of those not frozen.
   */
  private static Parameters.Range training(List<Parameters.Range> groups, boolean frozen) {
    Parameters.Range first = groups.get(0);
    Parameters.Range last = groups.get(groups.size() - 1);
    return new Parameters.Range(
        frozen ? last.decayedFrom() : first.decayedFrom(),
        last.decayedTo(),
        first.plainFrom(),
        last.plainTo());
  }

  /**
   * Trains on one batch.
   *
   * @param number its number in the run, which decides how its pictures are blended
   * @param rates one per group, lowest first
   */
  Step step(Batch batch, long number, List<Rates> rates) {
    Parameters leaves = network.parameters().leaves();
    Tensor loss;
    try (Gradients.Recording recording = Gradients.record()) {
      loss = loss(leaves, batch, number);
    }
    loss.backward();
    Parameters gradient = gradients.add(leaves.gradients());
    if (gradient != null) {
      optimizer.step(gradient, rates);
    }
    return new Step(loss, gradient != null);
  }

  private Tensor loss(Parameters leaves, Batch batch, long number) {
    if (mixup == null) {
      return objective.loss(network.train(leaves, batch.pictures()), batch.targets());
    }
    RandomGenerator random = blending.child(number).generator();
    Blend drawn = Blend.draw(batch.count(), mixup.alpha(), random);
    Tensor blended = objective.blend(batch.pictures(), drawn);
    return objective.blendedLoss(network.train(leaves, blended), batch.targets(), drawn);
  }

  void exchange(StateExchange with) {
    optimizer.state().forEach(with::tensor);
    optimizer.goOn();
    gradients.exchange(with, network.parameters());
  }

  /** Lets go of a sum of gradients in progress. */
  void forgetGradients() {
    gradients.forget();
  }

  @Override
  public void close() {
    optimizer.close();
    gradients.close();
  }
}
