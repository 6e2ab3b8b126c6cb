package dev.onecycle.serving;

import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * How much faster this processor computes networks in 8 bits: measured once for each kind of
 * network and size of its pictures, and kept as long as the process lives.
 */
@Component
class Speedups {

  /** As a prediction is asked for, and as a few of its views are. */
  private static final int[] BATCHES = {1, 4};

  private static final int ROUNDS = 7;

  private final Map<String, Double> known = new ConcurrentHashMap<>();

  /**
   * Returns how many times as fast one is as the other, of batches of several sizes the least.
   *
   * @param kind of both; what else has the same is not measured again
   * @param size of their pictures
   */
  double of(InferenceNetwork one, InferenceNetwork other, String kind, int size) {
    return known.computeIfAbsent(kind + " at " + size, absent -> measure(one, other, size));
  }

  /** Measures on the torch thread. */
  double measure(InferenceNetwork one, InferenceNetwork other, int size) {
    return Arrays.stream(BATCHES)
        .mapToDouble(batch -> measure(one, other, batch, size))
        .min()
        .orElseThrow();
  }

  /** In turns, so that what else goes on hits both; the first turn warms them up. */
  private static double measure(InferenceNetwork one, InferenceNetwork other, int batch, int size) {
    double[] ratios = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      double ratio = nanos(other, batch, size) / nanos(one, batch, size);
      if (round >= 0) {
        ratios[round] = ratio;
      }
    }
    Arrays.sort(ratios);
    return ratios[ROUNDS / 2];
  }

  private static double nanos(InferenceNetwork network, int batch, int size) {
    try (Scope scope = Scope.open()) {
      Tensor pictures = Tensor.zeros(batch, size, size, 3);
      long begun = System.nanoTime();
      network.logits(pictures).floats();
      return System.nanoTime() - begun;
    }
  }
}
