package dev.onecycle.network;

import dev.onecycle.torch.DType;

/**
 * The precision and memory format of a network, whose results are the same up to rounding.
 *
 * @param precision of the convolutions; the state is float32 either way
 * @param format how pictures and weights lie in memory
 */
public record Numerics(DType precision, MemoryFormat format) {

  /** PyTorch's defaults, for comparisons number by number. */
  public static final Numerics REFERENCE = new Numerics(DType.FLOAT32, MemoryFormat.CONTIGUOUS);

  /** Returns the fast memory format in {@code precision}. */
  public static Numerics fast(DType precision) {
    return new Numerics(precision, MemoryFormat.CHANNELS_LAST);
  }
}
