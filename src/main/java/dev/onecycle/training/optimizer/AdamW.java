package dev.onecycle.training.optimizer;

import dev.onecycle.torch.Tensor;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019) as fastai computes it: per step
 *
 * <pre>{@code
 * p *= 1 - lr * weightDecay          (convolution and head weights only)
 * m  = momentum * m + (1 - momentum) * g
 * v  = sqrMomentum * v + (1 - sqrMomentum) * g^2
 * p -= lr / (1 - momentum^t) * m / (sqrt(v / (1 - sqrMomentum^t)) + epsilon)
 * }</pre>
 *
 * with the momentum of the schedule at that step, also in the debiasing. One pass over memory.
 */
class AdamW extends UpdateRule {

  private static final String METHODS =
      """
      def step(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], \
      t: List[Tensor], lr: float, momentum: float, sqr_momentum: float, weight_decay: float, \
      epsilon: float) -> bool:
        torch._foreach_add_(t, 1)
        torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), t, lr=lr, \
      beta1=momentum, beta2=sqr_momentum, weight_decay=weight_decay, eps=epsilon, amsgrad=False, \
      maximize=False)
        return True
      """;

  private final double sqrMomentum;
  private final double epsilon;

  AdamW(double sqrMomentum, double epsilon) {
    this(sqrMomentum, epsilon, "");
  }

  /** Makes one with methods beside its own. */
  AdamW(double sqrMomentum, double epsilon, String more) {
    super(METHODS + more);
    this.sqrMomentum = sqrMomentum;
    this.epsilon = epsilon;
  }

  @Override
  int moments() {
    return 2;
  }

  @Override
  void step(Vector vector, Tensor gradient, Step step) {
    run(
        "step",
        List.of(vector.values()),
        List.of(gradient),
        List.of(vector.moments().get(0)),
        List.of(vector.moments().get(1)),
        List.of(vector.steps()),
        step.learningRate(),
        step.momentum(),
        sqrMomentum,
        step.weightDecay(),
        epsilon);
  }
}
