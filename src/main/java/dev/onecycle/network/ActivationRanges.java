package dev.onecycle.network;

import java.util.List;

/**
 * What the numbers between a network's layers reach from and to: of its input first, then after
 * each convolution, with what follows it in the same pass, in the order in which they are computed.
 *
 * @param low the smallest of each
 * @param high the largest of each
 */
public record ActivationRanges(List<Float> low, List<Float> high) {

  /**
   * Checks that these are ranges.
   *
   * @throws IllegalArgumentException unless each is finite and not upside down
   */
  public ActivationRanges {
    if (low == null || high == null) {
      throw new IllegalArgumentException("no ranges");
    }
    low = List.copyOf(low);
    high = List.copyOf(high);
    boolean ranges = low.size() == high.size();
    for (int i = 0; ranges && i < low.size(); i++) {
      ranges = Float.isFinite(high.get(i) - low.get(i)) && low.get(i) <= high.get(i);
    }
    if (!ranges) {
      throw new IllegalArgumentException("no ranges: " + low + " to " + high);
    }
  }

  /** Returns whether there is one for each place of an architecture. */
  public boolean areOf(Architecture architecture) {
    return low.size() == 1 + architecture.convLayers().size();
  }
}
