package dev.onecycle.training;

import dev.onecycle.torch.Tensor;
import java.util.random.RandomGenerator;

/**
 * The blends of one batch: who with whom, and how much ("mixup: Beyond Empirical Risk
 * Minimization", Zhang et al., 2018), as fastai draws it: one lambda per picture, of which the
 * larger of lambda and 1 - lambda is taken so that its own picture dominates, and one permutation
 * for the partners.
 *
 * @param partners [N] int64, a permutation of the batch
 * @param lambdas [N] float32, in [0.5, 1]
 */
public record Blend(Tensor partners, Tensor lambdas) {

  /** Draws a blending of {@code n} pictures with lambda from Beta(alpha, alpha). */
  static Blend draw(int n, double alpha, RandomGenerator random) {
    BlendDraw drawn = BlendDraw.of(n, alpha, random);
    return new Blend(Tensor.of(drawn.partners(), n), Tensor.of(drawn.lambdas(), n));
  }

  static double lambda(double alpha, RandomGenerator random) {
    double a = gamma(alpha, random);
    double b = gamma(alpha, random);
    double lambda = a + b == 0 ? 1 : a / (a + b); // both underflow where alpha is tiny
    return Math.max(lambda, 1 - lambda);
  }

  /**
   * Draws from Gamma(shape, 1) by Marsaglia and Tsang, "A Simple Method for Generating Gamma
   * Variables".
   */
  private static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
