package dev.onecycle.training;

import dev.onecycle.network.Activations;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Layout;
import dev.onecycle.recipe.Optimizer;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;

/**
 * The device memory that training needs at its largest size, in bytes, beside what the process
 * takes anyway. Libraries add work space of their own.
 *
 * @param parameters the weights in 32 bits, in bfloat16 their short copy too
 * @param gradients as large as the weights
 * @param optimizer its moments, and slow weights behind it
 * @param average of the weights, where the recipe keeps one
 * @param activations what the forward pass keeps for the backward pass: {@link Activations} times
 *     the batch (xresnet50 at 128 pixels keeps 28.9 MiB per picture when measured, 29.2 by this
 *     count)
 * @param backward what the backward pass has in flight beside them
 */
public record MemoryEstimate(
    long parameters,
    long gradients,
    long optimizer,
    long average,
    long activations,
    long backward,
    long total) {

  private static final int FLOAT32 = 4;
  private static final int BFLOAT16 = 2;

  /**
   * Of the activations of the plain network; measured as the peak of a step on a processor. Smooth
   * activations and blurred pools keep more, and have no more in flight.
   */
  private static final double BACKWARD_SHARE = 0.6;

  /**
   * Returns the estimate for a head of {@code classes}, in the precision that {@code recipe} ends
   * up in.
   */
  public static MemoryEstimate of(Recipe recipe, int classes, boolean bfloat16) {
    Architecture architecture = Architecture.of(recipe.network());
    Architecture plain = Architecture.of(recipe.network().plainly());
    long weights = Layout.of(architecture, classes).parameterCount();
    long activations = 0;
    long inFlight = 0;
    int bytes = bfloat16 ? BFLOAT16 : FLOAT32;
    for (Phase phase : recipe.phases()) {
      for (Stretch stretch : phase.stretches()) {
        long pictures = (long) bytes * stretch.batchSize();
        int size = stretch.size();
        activations = Math.max(activations, pictures * Activations.perPicture(architecture, size));
        inFlight = Math.max(inFlight, pictures * Activations.perPicture(plain, size));
      }
    }
    long parameters = weights * (bfloat16 ? FLOAT32 + BFLOAT16 : FLOAT32);
    long gradients = weights * FLOAT32;
    long optimizer = remembered(recipe.optimizer().kind()) * weights * FLOAT32;
    long average = recipe.ema() == null ? 0 : weights * FLOAT32;
    long backward = Math.round(BACKWARD_SHARE * inFlight);
    return new MemoryEstimate(
        parameters,
        gradients,
        optimizer,
        average,
        activations,
        backward,
        parameters + gradients + optimizer + average + activations + backward);
  }

  /** Returns how many numbers an optimizer remembers of each weight. */
  private static int remembered(Optimizer.Kind kind) {
    return switch (kind) {
      case SGD -> 1;
      case ADAMW -> 2;
      case LOOKAHEAD, RANGER, RANGERLARS -> 3;
    };
  }
}
