package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.made;
import static java.util.Objects.requireNonNull;

import dev.onecycle.torch.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights and bias of a convolution or a linear layer, in every layout that a {@link Chain} has
 * asked for: which is the fastest depends on how many pictures there are.
 */
public final class Kernel implements AutoCloseable {

  private static final int LARGEST_WHOLE = 127;

  private final int out;
  private final int size;
  private final DType type;
  private final long[] shape;
  private final @Nullable Numbers bias;
  private final @Nullable Numbers steps;
  private final List<Numbers> weights = new ArrayList<>();

  /** Weights in PyTorch's order; those of floating point go when a chain has asked for them. */
  private final Numbers given;

  /**
   * Makes one of numbers in PyTorch's order.
   *
   * @param type what the weights are kept in; int8 has 255 steps around 0, of a size for each
   *     output channel
   * @param weight [out, in / groups, size, size], row-major
   * @param bias [out]
   */
  public Kernel(DType type, int out, int in, int size, int groups, float[] weight, float[] bias) {
    this.type = type;
    this.out = out;
    this.size = size;
    shape =
        groups == 1
            ? new long[] {out, in, size, size}
            : new long[] {groups, out / groups, in / groups, size, size};
    this.bias = Numbers.of(bias, OneDnn.A, out);
    int rowMajor = groups == 1 ? OneDnn.ABCD : OneDnn.ABCDE;
    if (type == DType.INT8) {
      float[] sizes = steps(weight, out);
      steps = Numbers.of(sizes, OneDnn.A, out);
      given = Numbers.of(whole(weight, sizes), rowMajor, shape);
    } else {
      steps = null;
      given = Numbers.of(weight, rowMajor, shape);
    }
  }

  private Kernel(DType type, int rows, int columns, float[] values) {
    this.type = type;
    out = rows;
    size = 1;
    shape = new long[] {1, rows, columns};
    bias = null;
    steps = null;
    given = Numbers.of(values, OneDnn.ABC, shape);
  }

  /**
   * Returns a matrix, without a bias.
   *
   * @param type float32 or bfloat16
   * @param values [rows, columns], row-major
   */
  public static Kernel matrix(DType type, int rows, int columns, float[] values) {
    return new Kernel(type, rows, columns, values);
  }

  private static float[] steps(float[] weight, int out) {
    int each = weight.length / out;
    float[] steps = new float[out];
    for (int i = 0; i < weight.length; i++) {
      steps[i / each] = Math.max(steps[i / each], Math.abs(weight[i]));
    }
    for (int o = 0; o < out; o++) {
      steps[o] = Math.max(steps[o], QuantizationParameters.SMALLEST) / LARGEST_WHOLE;
    }
    return steps;
  }

  private static byte[] whole(float[] weight, float[] steps) {
    int each = weight.length / steps.length;
    byte[] whole = new byte[weight.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (byte) Math.rint(weight[i] / steps[i / each]);
    }
    return whole;
  }

  int out() {
    return out;
  }

  int size() {
    return size;
  }

  boolean grouped() {
    return shape.length > 4;
  }

  Numbers bias() {
    return requireNonNull(bias, "a matrix has no bias");
  }

  /** Returns the steps [out] of whole numbers. */
  @Nullable Numbers steps() {
    return steps;
  }

  /** Returns a new description of the weights in the layout that a primitive is fastest with. */
  long anyLayout() {
    return OneDnn.layout(OneDnn.type(type), OneDnn.FORMAT_TAG_ANY, shape);
  }

  /** Returns the weights in a layout. */
  Numbers weights(long layout) {
    for (Numbers known : weights) {
      if (known.has(layout)) {
        return known;
      }
    }
    boolean whole = type == DType.INT8; // laid out, they have sums beside them: no way back
    Numbers wanted = Numbers.in(layout);
    try {
      reorder(whole || weights.isEmpty() ? given : weights.get(0), wanted);
    } catch (RuntimeException e) {
      wanted.close();
      throw e;
    }
    weights.add(wanted);
    if (!whole) {
      given.close();
    }
    return wanted;
  }

  private static void reorder(Numbers from, Numbers to) {
    try (Handles handles = new Handles()) {
      long stream = handles.keep(OneDnn.stream(), OneDnn::dnnl_stream_destroy);
      long description =
          handles.keep(
              made(
                  made ->
                      OneDnn.dnnl_reorder_primitive_desc_create(
                          made, from.layout(), OneDnn.engine(), to.layout(), OneDnn.engine(), 0)),
              OneDnn::dnnl_primitive_desc_destroy);
      try (Step step = new Step(description)) {
        step.argument(OneDnn.ARG_SRC, from.memory())
            .argument(OneDnn.ARG_DST, to.memory())
            .run(stream);
      }
    }
  }

  @Override
  public void close() {
    weights.forEach(Numbers::close);
    given.close();
    if (bias != null) {
      bias.close();
    }
    if (steps != null) {
      steps.close();
    }
  }
}
