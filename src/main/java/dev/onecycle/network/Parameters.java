package dev.onecycle.network;

import dev.onecycle.torch.Tensor;

/**
 * What the optimizer trains, as two flat float32 vectors; also the shape of their gradient.
 *
 * @param decayed convolution and head weights
 * @param plain norm weights and biases and the head's bias, which do not decay
 */
public record Parameters(Tensor decayed, Tensor plain) {

  /** Fresh leaves of autograd over the same memory. */
  public Parameters leaves() {
    return new Parameters(decayed.leaf(), plain.leaf());
  }

  /** The gradients of leaves after a backward pass. */
  public Parameters gradients() {
    return new Parameters(decayed.gradient(), plain.gradient());
  }
}
