package dev.onecycle.training.optimizer;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * RAdam whose step is the longer for a tensor, the longer the tensor is (after "Large Batch
 * Training of Convolutional Networks", You et al., 2017), as RangerLars has it: with RAdam's step s
 * of a tensor p, which has decayed, it is
 *
 * <pre>{@code
 * p -= min(|p|, 10) / |p - s| * s          (s alone where one of the two is 0)
 * }</pre>
 *
 * and epsilon is added before the squares' momentum is debiased.
 */
final class LayerwiseAdam extends UpdateRule {

  private static final String METHODS =
      """
      def early(self, p: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, kept: float, \
      momentum: float, sqr_momentum: float, rate: float) -> Tensor:
        t = torch.add_(t, 1)
        p = torch.mul_(p, kept)
        m = torch.lerp_(m, g, torch.sub(1., momentum))
        v = torch.addcmul_(torch.mul_(v, sqr_momentum), g, g, value=torch.sub(1., sqr_momentum))
        return torch.mul(m, rate)
      def later(self, p: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, kept: float, \
      momentum: float, sqr_momentum: float, rate: float, epsilon: float) -> Tensor:
        t = torch.add_(t, 1)
        p = torch.mul_(p, kept)
        m = torch.lerp_(m, g, torch.sub(1., momentum))
        v = torch.addcmul_(torch.mul_(v, sqr_momentum), g, g, value=torch.sub(1., sqr_momentum))
        return torch.div(torch.mul(m, rate), torch.add_(torch.sqrt(v), epsilon))
      """;

  /** Of one vector, whose tensors have these sizes. */
  private static final String MOVE =
      """
      def move_%d(self, p: Tensor, s: Tensor, sizes: Tensor) -> bool:
        a = torch.stack(torch._foreach_norm(torch.split_with_sizes(p, %2$s)))
        b = torch.stack(torch._foreach_norm(torch.split_with_sizes(torch.sub(p, s), %2$s)))
        r = torch.div(torch.clamp_max(a, 10.), b)
        r = torch.where(torch.gt(torch.mul(a, b), 0), r, torch.ones_like(r))
        p = torch.addcmul_(p, s, torch.repeat_interleave(r, sizes), value=-1.)
        return True
      """;

  private final Scope own = Scope.forKeeping();
  private final List<Tensor> sizes = new ArrayList<>();
  private final double sqrMomentum;
  private final double epsilon;

  /** Makes one for vectors whose tensors have these sizes, in the order of their numbers. */
  LayerwiseAdam(List<List<Integer>> sizes, double sqrMomentum, double epsilon) {
    super(methods(sizes));
    this.sqrMomentum = sqrMomentum;
    this.epsilon = epsilon;
    try (Scope scope = Scope.open()) {
      for (List<Integer> each : sizes) {
        long[] counts = each.stream().mapToLong(Integer::longValue).toArray();
        this.sizes.add(Tensor.of(counts, counts.length).keepIn(own));
      }
    }
  }

  private static String methods(List<List<Integer>> sizes) {
    StringBuilder methods = new StringBuilder(METHODS);
    for (int number = 0; number < sizes.size(); number++) {
      methods.append(MOVE.formatted(number, sizes.get(number)));
    }
    return methods.toString();
  }

  @Override
  int moments() {
    return 2;
  }

  @Override
  void step(Vector vector, Tensor gradient, Step step) {
    double rectification = RectifiedAdam.rectification(sqrMomentum, step.number());
    double rate = step.learningRate() / (1 - Math.pow(step.momentum(), step.number()));
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of(vector.values(), gradient));
    arguments.addAll(vector.moments());
    arguments.addAll(
        List.of(
            vector.steps(),
            1 - step.learningRate() * step.weightDecay(),
            step.momentum(),
            sqrMomentum));
    boolean early = rectification == 0;
    if (early) {
      arguments.add(rate);
    } else {
      double debias = Math.sqrt(1 - Math.pow(sqrMomentum, step.number()));
      arguments.addAll(List.of(rate * rectification * debias, epsilon));
    }
    Tensor move = run(early ? "early" : "later", arguments.toArray()).get(0);
    run("move_" + vector.number(), vector.values(), move, sizes.get(vector.number()));
    move.close();
  }

  @Override
  public void close() {
    own.close();
    super.close();
  }
}
