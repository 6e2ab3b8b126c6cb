package dev.onecycle.training;

import dev.onecycle.torch.Tensor;
import java.nio.FloatBuffer;

/**
 * Pictures and their labels, ready for a device. Valid until the next batch is asked for.
 *
 * @param pixels room for at least count * size * size * 3 numbers, NHWC
 * @param labels one per picture
 */
public record Batch(FloatBuffer pixels, int size, long[] labels) {

  public int count() {
    return labels.length;
  }

  /** The pictures on the thread's device: [N, S, S, 3] float32. */
  public Tensor pictures() {
    int numbers = count() * size * size * 3;
    return Tensor.of(pixels.duplicate().position(0).limit(numbers), count(), size, size, 3);
  }

  /** The labels on the thread's device: [N] int64. */
  public Tensor targets() {
    return Tensor.of(labels, count());
  }
}
