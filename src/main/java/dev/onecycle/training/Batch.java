package dev.onecycle.training;

import dev.onecycle.torch.Tensor;

/**
 * Pictures and their labels, ready for a device. Valid until the next batch is asked for.
 *
 * @param labels one per picture
 */
public record Batch(Pixels pixels, int size, long[] labels) {

  /** The numbers of at least as many pictures, NHWC. */
  @FunctionalInterface
  public interface Pixels {

    /** Returns the first of them, of that shape, on the thread's device. */
    Tensor tensor(long... shape);
  }

  public int count() {
    return labels.length;
  }

  /**
   * Returns the pictures on the thread's device: [N, S, S, 3], in the precision that they were made
   * in.
   */
  public Tensor pictures() {
    return pixels.tensor(count(), size, size, 3);
  }

  /** Returns the labels on the thread's device: [N] int64. */
  public Tensor targets() {
    return Tensor.of(labels, count());
  }
}
