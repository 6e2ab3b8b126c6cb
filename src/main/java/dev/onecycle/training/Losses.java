package dev.onecycle.training;

import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;

/** The losses, as scripts on the calling torch thread's device. */
public final class Losses implements AutoCloseable {

  private static final String METHODS =
      """
      def cross_entropy(self, logits: Tensor, targets: Tensor, smoothing: Tensor) -> Tensor:
        return torch.cross_entropy_loss(logits, targets, None, 1, -100, float(smoothing))
      """;

  private final Script script = new Script(METHODS);

  /** Mean cross-entropy over a batch: logits [N, C] float32, targets [N] int64; a scalar. */
  public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor smoothing) {
    return script.call("cross_entropy", logits, targets, smoothing);
  }

  @Override
  public void close() {
    script.close();
  }
}
