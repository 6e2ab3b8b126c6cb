package dev.onecycle.network;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.Activation;

/** The numbers of a forward pass that a network must remember until the backward pass. */
public final class Activations {

  private final boolean inPlace;
  private int side;
  private long kept;

  private Activations(Architecture architecture, int size) {
    inPlace = architecture.activation() == Activation.RELU;
    side = size;
    kept = 3L * size * size;
  }

  /**
   * Returns how many numbers are kept for one picture: of each convolution its output, which its
   * norm needs, and what the activation makes of that, which the next convolution needs; what goes
   * into an activation other than the ReLU, which works in place; on identity paths the pooled
   * input and the convolution's output; what gates and attentions multiply; of pools where their
   * output came from.
   *
   * @param size side of the picture, in pixels
   */
  public static long perPicture(Architecture architecture, int size) {
    Activations activations = new Activations(architecture, size);
    for (Layer layer : architecture.layers()) {
      if (layer instanceof ConvLayer conv) {
        activations.conv(conv);
      } else if (layer instanceof Pool pool) {
        activations.pool(pool, activations.side);
        activations.side = after(2, activations.side);
        activations.keep(pool.channels());
      } else if (layer instanceof Block block) {
        activations.block(block);
      }
    }
    return activations.kept;
  }

  private void conv(ConvLayer conv) {
    side = after(conv.stride(), side);
    keep((inPlace ? 2L : 3L) * conv.out());
  }

  private void block(Block block) {
    int before = side;
    block.convPath().forEach(this::conv);
    if (block.pool() != null) {
      pool(block.pool(), before);
    }
    if (block.identity() != null) {
      keep(block.identity().out() + (block.pool() == null ? 0L : block.pool().channels()));
    }
    if (block.gate() != null) {
      keep(block.gate().channels());
    }
    if (block.attention() != null) {
      attention(block.attention());
    }
  }

  /** Keeps what went in, what came out before it was multiplied, and two matrices. */
  private void attention(Attention attention) {
    keep(2L * attention.channels());
    kept += 2L * attention.channels() * attention.channels();
  }

  /** Keeps what a pool of so large a side needs beside its output. */
  private void pool(Pool pool, int before) {
    // Where each largest number was takes 64 bits, as much as two numbers.
    switch (pool.kind()) {
      case MAX -> kept += 2L * pool.channels() * after(2, before) * after(2, before);
      case MAX_BLUR -> kept += 4L * pool.channels() * before * before;
      case AVERAGE -> {}
    }
  }

  private void keep(long perPlace) {
    kept += perPlace * side * side;
  }

  private static int after(int stride, int side) {
    return (side + stride - 1) / stride;
  }
}
