package dev.onecycle.training;

import dev.onecycle.network.Parameters;
import dev.onecycle.network.Weights;
import dev.onecycle.torch.Tensor;

/**
 * State on its way out of a training's parts or back into them. A part says once what it consists
 * of, for both ways, so that they cannot drift apart. Names are unique in a training.
 */
interface StateExchange {

  /** Exchanges a float32 tensor: read on the way out, overwritten in place on the way in. */
  void tensor(String name, Tensor values);

  /**
   * Exchanges a number: {@code value} itself on the way out, what it was on the way in; to go on
   * with.
   */
  double number(String name, double value);

  default void parameters(String name, Parameters parameters) {
    tensor(name + ".decayed", parameters.decayed());
    tensor(name + ".plain", parameters.plain());
  }

  default void weights(String name, Weights weights) {
    parameters(name, weights.parameters());
    tensor(name + ".statistics", weights.statistics());
  }
}
