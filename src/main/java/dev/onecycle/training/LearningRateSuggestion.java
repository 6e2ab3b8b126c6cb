package dev.onecycle.training;

import dev.onecycle.platform.Failure;

/**
 * Learning rates that a learning-rate sweep suggests, by the four rules that fastai offers.
 *
 * @param valley a third into the longest stretch of falling loss, and half a third more
 * @param slide the rate before the last steep part ends, seen from the right
 * @param minimum a tenth of the rate with the smallest loss
 * @param steep the rate where the loss falls fastest
 */
public record LearningRateSuggestion(double valley, double slide, double minimum, double steep) {

  private static final int SKIPPED_FIRST = 10;
  private static final int SKIPPED_LAST = 5;
  private static final int SLIDE_WIDTH = 15;
  private static final float SLIDE_THRESHOLD = .005f;

  /**
   * Reads a sweep: {@code rates[i]} is the learning rate of step i and {@code losses[i]} its
   * smoothed loss. The first 10 and the last 5 steps are left out, and everything from the first
   * loss that is not a number. Float precision, as the reference.
   *
   * @throws Failure.Invalid if fewer than 17 steps remain
   */
  public static LearningRateSuggestion of(double[] rates, double[] losses) {
    int end = SKIPPED_FIRST;
    while (end < losses.length - SKIPPED_LAST && !Double.isNaN(losses[end])) {
      end++;
    }
    int n = end - SKIPPED_FIRST;
    if (n < SLIDE_WIDTH + 2) {
      throw new Failure.Invalid(
          n + " steps of the sweep can be read < minimum " + (SLIDE_WIDTH + 2),
          "the loss diverged early: sweep with a larger batch or from a trained checkpoint");
    }
    float[] rate = new float[n];
    float[] loss = new float[n];
    for (int i = 0; i < n; i++) {
      rate[i] = (float) rates[SKIPPED_FIRST + i];
      loss[i] = (float) losses[SKIPPED_FIRST + i];
    }
    return new LearningRateSuggestion(
        valley(rate, loss), slide(rate, loss), minimum(rate, loss), steep(rate, loss));
  }

  /**
   * Returns the longest strictly falling subsequence, by dynamic programming over its last element.
   */
  private static double valley(float[] rate, float[] loss) {
    int[] length = new int[loss.length];
    int end = 0;
    for (int i = 0; i < loss.length; i++) {
      length[i] = 1;
      for (int j = 0; j < i; j++) {
        if (loss[i] < loss[j]) {
          length[i] = Math.max(length[i], length[j] + 1);
        }
      }
      if (length[i] > length[end]) {
        end = i;
      }
    }
    int start = end - length[end]; // as the reference: one before the stretch, where it has no gaps
    return rate[Math.max(0, start + length[end] / 3 + length[end] / 6)];
  }

  /** Moves two points, 15 steps apart, to the left while the loss's slope at them differs. */
  private static double slide(float[] rate, float[] loss) {
    int left = loss.length - 1 - SLIDE_WIDTH;
    double remembered = rate[left];
    while (left >= 0
        && Math.abs(slope(loss, left + SLIDE_WIDTH) - slope(loss, left)) > SLIDE_THRESHOLD) {
      remembered = rate[left];
      left--;
    }
    return remembered;
  }

  private static double minimum(float[] rate, float[] loss) {
    int best = 0;
    for (int i = 1; i < loss.length; i++) {
      if (loss[i] < loss[best]) {
        best = i;
      }
    }
    return (double) rate[best] / 10;
  }

  private static double steep(float[] rate, float[] loss) {
    int best = 0;
    float fastest = Float.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < loss.length; i++) {
      float step = (float) Math.log(rate[i + 1]) - (float) Math.log(rate[i]);
      float slope = (loss[i + 1] - loss[i]) / step;
      if (slope < fastest) {
        fastest = slope;
        best = i;
      }
    }
    return rate[best];
  }

  /** Returns the central difference by index, one-sided at both ends. */
  private static float slope(float[] loss, int i) {
    int before = Math.max(0, i - 1);
    int after = Math.min(loss.length - 1, i + 1);
    return (loss[after] - loss[before]) / (after - before);
  }
}
