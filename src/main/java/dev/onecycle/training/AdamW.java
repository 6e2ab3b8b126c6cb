package dev.onecycle.training;

import dev.onecycle.network.Parameters;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
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
 * with the momentum of the schedule at that step, also in the debiasing. One pass over memory per
 * flat vector.
 */
public final class AdamW implements AutoCloseable {

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

  /** What does not change during a fit. */
  public record Settings(double weightDecay, double sqrMomentum, double epsilon) {}

  private final Settings settings;
  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final Moments decayed;
  private final Moments plain;

  /** First and second moments of one flat vector, and the number of steps behind them. */
  private record Moments(Tensor first, Tensor second, Tensor steps) {}

  /** A fresh optimizer for {@code parameters}, which it updates in place. */
  public AdamW(Parameters parameters, Settings settings) {
    this.settings = settings;
    try (Scope scope = Scope.open()) {
      decayed = moments(parameters.decayed());
      plain = moments(parameters.plain());
    }
  }

  private Moments moments(Tensor of) {
    return new Moments(
        Tensor.zeros(of.size()).keepIn(own),
        Tensor.zeros(of.size()).keepIn(own),
        Tensor.zeros().keepIn(own));
  }

  /** One update with {@code gradients}, which are of the parameters' shape. */
  public void step(
      Parameters parameters, Parameters gradients, double learningRate, double momentum) {
    step(
        parameters.decayed(),
        gradients.decayed(),
        decayed,
        learningRate,
        momentum,
        settings.weightDecay);
    step(parameters.plain(), gradients.plain(), plain, learningRate, momentum, 0);
  }

  private void step(
      Tensor parameters,
      Tensor gradients,
      Moments moments,
      double learningRate,
      double momentum,
      double weightDecay) {
    script.run(
        "step",
        List.of(parameters),
        List.of(gradients),
        List.of(moments.first),
        List.of(moments.second),
        List.of(moments.steps),
        learningRate,
        momentum,
        settings.sqrMomentum,
        weightDecay,
        settings.epsilon);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
