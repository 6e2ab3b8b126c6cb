package dev.onecycle.training;

import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;

/**
 * The loss that training makes small: cross-entropy with label smoothing, plain or over blended
 * pictures. Of a logit row with target y among C labels and smoothing e it is
 *
 * <pre>{@code
 * (1 - e) * -log p[y]  +  e / C * sum over k of -log p[k]
 * }</pre>
 *
 * averaged over the batch ("Rethinking the Inception Architecture", Szegedy et al., 2015).
 */
public final class Objective implements AutoCloseable {

  private static final String METHODS =
      """
      def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        return torch.cross_entropy_loss(logits, targets, None, 1, -100, %1$s)
      def blend(self, x: Tensor, partners: Tensor, lam: Tensor) -> Tensor:
        other = torch.index_select(x, 0, partners)
        return torch.lerp(other, x, torch.view(lam, [-1, 1, 1, 1]))
      def blended_loss(self, logits: Tensor, targets: Tensor, partners: Tensor, lam: Tensor) \
      -> Tensor:
        own = torch.cross_entropy_loss(logits, targets, None, 0, -100, %1$s)
        theirs = torch.index_select(targets, 0, partners)
        other = torch.cross_entropy_loss(logits, theirs, None, 0, -100, %1$s)
        return torch.mean(torch.lerp(other, own, lam))
      def score(self, totals: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
        loss = torch.cross_entropy_loss(logits, targets, None, 2, -100, %1$s)
        right = torch.sum(torch.eq(torch.argmax(logits, 1), targets))
        return torch.add_(totals, torch.stack([loss, torch.to(right, 6)]))
      """;

  private final Script script;

  /**
   * Makes an objective on the calling torch thread's device.
   *
   * @param labelSmoothing share of the target spread over all labels, in [0, 1)
   */
  public Objective(double labelSmoothing) {
    script = new Script(METHODS.formatted(labelSmoothing));
  }

  /** Returns the mean loss, a scalar: logits [N, C] float32, targets [N] int64. */
  public Tensor loss(Tensor logits, Tensor targets) {
    return script.call("loss", logits, targets);
  }

  /**
   * Returns each picture blended with another of its batch: {@code lambda * x + (1 - lambda) *
   * x[partner]}.
   *
   * @param pictures [N, S, S, 3]
   */
  public Tensor blend(Tensor pictures, Blend blending) {
    return script.call("blend", pictures, blending.partners(), blending.lambdas());
  }

  /** Returns the mean of both pictures' losses, weighted as they were blended; a scalar. */
  public Tensor blendedLoss(Tensor logits, Tensor targets, Blend blending) {
    return script.call("blended_loss", logits, targets, blending.partners(), blending.lambdas());
  }

  /**
   * Adds a batch to {@code totals}, [summed loss, pictures classified correctly] float32, in place.
   */
  public void score(Tensor totals, Tensor logits, Tensor targets) {
    script.call("score", totals, logits, targets).close();
  }

  @Override
  public void close() {
    script.close();
  }
}
