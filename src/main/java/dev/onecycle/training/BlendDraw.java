package dev.onecycle.training;

import dev.onecycle.platform.Shuffle;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The draws of mixup for one batch, before they are a {@link Blend} of tensors.
 *
 * @param partners a permutation of the batch: picture i is blended with picture partners[i]
 * @param lambdas how much of each picture stays its own, in [0.5, 1]
 */
record BlendDraw(long[] partners, float[] lambdas) {

  /** Draws for {@code n} pictures with lambda from Beta(alpha, alpha). */
  static BlendDraw of(int n, double alpha, RandomGenerator random) {
    long[] partners = Arrays.stream(Shuffle.of(n, random)).asLongStream().toArray();
    float[] lambdas = new float[n];
    for (int i = 0; i < n; i++) {
      lambdas[i] = (float) Blend.lambda(alpha, random);
    }
    return new BlendDraw(partners, lambdas);
  }

  /** Returns picture {@code i} blended with its partner, as {@link Objective#blend} computes it. */
  float[] blend(int i, float[] own, float[] partner) {
    float rest = 1 - lambdas[i];
    float[] blended = new float[own.length];
    for (int k = 0; k < blended.length; k++) {
      blended[k] = own[k] - (own[k] - partner[k]) * rest;
    }
    return blended;
  }
}
