package dev.onecycle.training.optimizer;

import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.List;

/** What a step does to a flat vector, in as few passes over memory as it can. */
abstract class UpdateRule implements AutoCloseable {

  private final Script script;

  /** Makes a rule of these methods; one that works on lists gets them from outside. */
  UpdateRule(String methods) {
    // Written as [p] inside, a call would have no visible effect for the compiler, which removes
    // it.
    script = new Script(methods);
  }

  /**
   * A flat vector in training.
   *
   * @param number from 0
   * @param moments what a rule remembers of each number: its momentum, then that of its square
   * @param steps how many steps are behind it
   */
  record Vector(int number, Tensor values, List<Tensor> moments, Tensor steps) {}

  /**
   * A step.
   *
   * @param number from 1
   * @param weightDecay 0 for what does not decay
   */
  record Step(int number, double learningRate, double momentum, double weightDecay) {}

  /** Returns how many moments it wants. */
  abstract int moments();

  /** Updates a vector and its moments, and counts the step. */
  abstract void step(Vector vector, Tensor gradient, Step step);

  final List<Tensor> run(String method, Object... arguments) {
    return script.run(method, arguments);
  }

  @Override
  public void close() {
    script.close();
  }
}
