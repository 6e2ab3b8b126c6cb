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
 * flat vector and parameter group.
 */
public final class AdamW implements AutoCloseable {

  /**
   * Tensors come in lists from outside: written as {@code [p]} here, the call would have no visible
   * effect for the compiler, which removes it.
   */
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

  /**
   * The numbers of one parameter group for one step, from the schedule.
   *
   * @param frozen whether its convolution and head weights rest; its norms train all the same
   */
  public record Rates(double learningRate, double momentum, boolean frozen) {}

  /** The numbers that do not change during a fit. */
  public record Settings(double weightDecay, double sqrMomentum, double epsilon) {}

  private final Settings settings;
  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final List<Group> groups;

  /** One parameter group: what it trains, and the moments of that. */
  private record Group(Parameters.Range range, Vector decayed, Vector plain) {}

  /** A flat vector in training: its values, moments, and the number of steps behind them. */
  private record Vector(Tensor values, Tensor first, Tensor second, Tensor steps) {}

  /** Makes a fresh optimizer for {@code parameters}, which it updates in place, group by group. */
  public AdamW(Parameters parameters, List<Parameters.Range> groups, Settings settings) {
    this.settings = settings;
    try (Scope scope = Scope.open()) {
      this.groups = groups.stream().map(range -> group(parameters.slice(range), range)).toList();
    }
  }

  private Group group(Parameters members, Parameters.Range range) {
    return new Group(range, vector(members.decayed()), vector(members.plain()));
  }

  private Vector vector(Tensor values) {
    return new Vector(
        values.keepIn(own),
        Tensor.zeros(values.size()).keepIn(own),
        Tensor.zeros(values.size()).keepIn(own),
        Tensor.zeros().keepIn(own));
  }

  /**
   * Updates once with {@code gradients}, which are of the parameters' shape.
   *
   * @param rates one per group, lowest first
   */
  public void step(Parameters gradients, List<Rates> rates) {
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      Rates now = rates.get(i);
      Parameters gradient = gradients.slice(group.range);
      if (!now.frozen) {
        step(group.decayed, gradient.decayed(), now, settings.weightDecay);
      }
      step(group.plain, gradient.plain(), now, 0);
    }
  }

  private void step(Vector vector, Tensor gradient, Rates now, double weightDecay) {
    script.run(
        "step",
        List.of(vector.values),
        List.of(gradient),
        List.of(vector.first),
        List.of(vector.second),
        List.of(vector.steps),
        now.learningRate,
        now.momentum,
        settings.sqrMomentum,
        weightDecay,
        settings.epsilon);
  }

  /** Exchanges the moments; the values are the network's. */
  void exchange(StateExchange with) {
    for (int i = 0; i < groups.size(); i++) {
      exchange(with, "optimizer." + i + ".decayed.", groups.get(i).decayed);
      exchange(with, "optimizer." + i + ".plain.", groups.get(i).plain);
    }
  }

  private static void exchange(StateExchange with, String name, Vector vector) {
    with.tensor(name + "first", vector.first);
    with.tensor(name + "second", vector.second);
    with.tensor(name + "steps", vector.steps);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
