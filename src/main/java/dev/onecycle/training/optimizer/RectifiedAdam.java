package dev.onecycle.training.optimizer;

import dev.onecycle.torch.Tensor;

/**
 * RAdam (Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020) as fastai
 * computes it. With
 *
 * <pre>{@code
 * R = 2 / (1 - sqrMomentum) - 1
 * r = R - 2 * t * sqrMomentum^t / (1 - sqrMomentum^t)
 * }</pre>
 *
 * it is {@link AdamW} at the learning rate times {@code sqrt((r - 4) * (r - 2) * R / ((R - 4) * (R
 * - 2) * r))} once {@code r > 5}, which decays at the whole rate; and before, the momentum alone:
 * {@code p -= lr / (1 - momentum^t) * m}.
 */
final class RectifiedAdam extends AdamW {

  private static final double FEWEST = 5;

  private static final String METHODS =
      """
      def early(self, p: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, rate: float, \
      momentum: float, sqr_momentum: float, kept: float) -> bool:
        t = torch.add_(t, 1)
        m = torch.lerp_(m, g, torch.sub(1., momentum))
        v = torch.addcmul_(torch.mul_(v, sqr_momentum), g, g, value=torch.sub(1., sqr_momentum))
        p = torch.sub_(torch.mul_(p, kept), m, alpha=rate)
        return True
      """;

  private final double sqrMomentum;

  RectifiedAdam(double sqrMomentum, double epsilon) {
    super(sqrMomentum, epsilon, METHODS);
    this.sqrMomentum = sqrMomentum;
  }

  @Override
  void step(Vector vector, Tensor gradient, Step step) {
    double rectification = rectification(sqrMomentum, step.number());
    if (rectification > 0) {
      Step rectified =
          new Step(
              step.number(),
              step.learningRate() * rectification,
              step.momentum(),
              step.weightDecay() / rectification);
      super.step(vector, gradient, rectified);
    } else {
      double rate = step.learningRate() / (1 - Math.pow(step.momentum(), step.number()));
      run(
          "early",
          vector.values(),
          gradient,
          vector.moments().get(0),
          vector.moments().get(1),
          vector.steps(),
          rate,
          step.momentum(),
          sqrMomentum,
          1 - step.learningRate() * step.weightDecay());
    }
  }

  /** Returns the factor of the learning rate, or 0 while there is too little to divide by. */
  static double rectification(double sqrMomentum, int number) {
    double power = Math.pow(sqrMomentum, number);
    double most = 2 / (1 - sqrMomentum) - 1;
    double now = most - 2 * number * power / (1 - power);
    return now > FEWEST
        ? Math.sqrt((now - 4) * (now - 2) * most / ((most - 4) * (most - 2) * now))
        : 0;
  }
}
