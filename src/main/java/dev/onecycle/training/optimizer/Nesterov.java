package dev.onecycle.training.optimizer;

import dev.onecycle.torch.Tensor;

/**
 * Gradient descent with Nesterov's momentum as PyTorch computes it, with decoupled weight decay:
 * per step
 *
 * <pre>{@code
 * p *= 1 - lr * weightDecay          (convolution and head weights only)
 * m  = momentum * m + g
 * p -= lr * (g + momentum * m)
 * }</pre>
 */
final class Nesterov extends UpdateRule {

  private static final String METHODS =
      """
      def step(self, p: Tensor, g: Tensor, m: Tensor, t: Tensor, lr: float, momentum: float, \
      kept: float) -> bool:
        t = torch.add_(t, 1)
        m = torch.add_(torch.mul_(m, momentum), g)
        p = torch.sub_(torch.mul_(p, kept), g, alpha=lr)
        p = torch.sub_(p, m, alpha=torch.mul(lr, momentum))
        return True
      """;

  Nesterov() {
    super(METHODS);
  }

  @Override
  int moments() {
    return 1;
  }

  @Override
  void step(Vector vector, Tensor gradient, Step step) {
    run(
        "step",
        vector.values(),
        gradient,
        vector.moments().get(0),
        vector.steps(),
        step.learningRate(),
        step.momentum(),
        1 - step.learningRate() * step.weightDecay());
  }
}
