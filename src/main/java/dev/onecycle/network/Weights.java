package dev.onecycle.network;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;

/**
 * The whole state of a network on its device.
 *
 * @param parameters what the optimizer trains
 * @param statistics every norm's running mean and variance, one after the other
 */
public record Weights(Parameters parameters, Tensor statistics) {

  /** Returns a copy in new memory, owned by {@code scope}. */
  public Weights copy(Scope scope) {
    return new Weights(parameters.copy(scope), statistics.copy().keepIn(scope));
  }
}
