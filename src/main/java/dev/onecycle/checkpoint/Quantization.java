package dev.onecycle.checkpoint;

import dev.onecycle.network.ActivationRanges;

/**
 * What it takes to compute a checkpoint's network in whole numbers of 8 bits, and what that
 * changes; both found out on pictures that it was trained on or, of weights from elsewhere, on
 * training pictures of the first dataset that a model with them is evaluated on.
 *
 * @param ranges of some of them
 * @param agreement share of others whose best label is the same as in float32, 0 to 1
 * @param pictures how many others
 */
public record Quantization(ActivationRanges ranges, double agreement, int pictures) {

  /** What {@link #agreement} must be for predictions to be made so. */
  public static final double LEAST_AGREEMENT = 0.99;

  /** Fewer pictures cannot tell. */
  public static final int LEAST_PICTURES = 100;

  /**
   * Checks that it says something.
   *
   * @throws IllegalArgumentException if there are no ranges, as a row from elsewhere may have it
   */
  public Quantization {
    if (ranges == null) {
      throw new IllegalArgumentException("no ranges");
    }
  }

  /** Returns whether predictions may be made so. */
  public boolean agrees() {
    return agreement >= LEAST_AGREEMENT && pictures >= LEAST_PICTURES;
  }
}
