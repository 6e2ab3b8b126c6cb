package dev.onecycle.training;

import dev.onecycle.network.Network;
import dev.onecycle.network.Weights;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The loss and accuracy of plain validation, without test-time augmentation.
 *
 * @param loss mean over the pictures
 * @param accuracy share of the pictures classified correctly
 */
public record Validation(double loss, double accuracy) {

  /**
   * Validates {@code weights} of {@code network} on one pass; every picture counts alike.
   *
   * @param stopRequested asked before every batch
   * @return empty if a stop was requested
   */
  static Optional<Validation> of(
      Network network,
      Weights weights,
      Objective objective,
      Batches.Pass pass,
      BooleanSupplier stopRequested) {
    try (Scope scope = Scope.open()) {
      Tensor totals = Tensor.zeros(2);
      long count = 0;
      while (pass.hasNext()) {
        if (stopRequested.getAsBoolean()) {
          return Optional.empty();
        }
        try (Scope step = Scope.open()) {
          Batch batch = pass.next();
          Tensor logits = network.evaluate(batch.pictures(), weights);
          objective.score(totals, logits, batch.targets());
          count += batch.count();
        }
      }
      float[] sums = totals.floats(); // sync point
      return Optional.of(new Validation((double) sums[0] / count, (double) sums[1] / count));
    }
  }
}
