package dev.onecycle.network;

import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;

/** The numbers of a forward pass that a network must remember until the backward pass. */
public final class Activations {

  private Activations() {}

  /**
   * Returns how many numbers are kept for one picture: of each convolution its output, which its
   * norm needs, and what the ReLU makes of that, which the next convolution needs; on identity
   * paths the pooled input and the convolution's output; after the stem the pooled output and where
   * it came from.
   *
   * @param size side of the picture, in pixels
   */
  public static long perPicture(Architecture architecture, int size) {
    long kept = 3L * size * size;
    int side = size;
    for (ConvLayer conv : architecture.stem()) {
      side = after(conv.stride(), side);
      kept += 2L * conv.out() * side * side;
    }
    side = after(2, side);
    kept += 3L * 64 * side * side; // indices have 64 bits, as much as two numbers
    for (Block block : architecture.blocks()) {
      for (ConvLayer conv : block.convPath()) {
        side = after(conv.stride(), side);
        kept += 2L * conv.out() * side * side;
      }
      ConvLayer identity = block.identity();
      if (identity != null) {
        int channels = identity.out() + (block.pool() ? identity.in() : 0);
        kept += (long) channels * side * side;
      }
    }
    return kept;
  }

  private static int after(int stride, int side) {
    return (side + stride - 1) / stride;
  }
}
