package dev.onecycle.training;

import dev.onecycle.network.Parameters;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import org.jspecify.annotations.Nullable;

/**
 * Gradients on their way to the optimizer: the mean over a number of batches, cut to a largest
 * norm.
 */
final class GradientSum implements AutoCloseable {

  private static final String METHODS =
      """
      def mean(self, sum: Tensor, count: float) -> Tensor:
        return torch.div_(sum, count)
      def add(self, sum: Tensor, gradient: Tensor) -> Tensor:
        return torch.add_(sum, gradient)
      def clip(self, a: Tensor, b: Tensor, largest: float) -> List[Tensor]:
        norm = torch.sqrt(torch.add(torch.dot(a, a), torch.dot(b, b)))
        share = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1e-06)), largest), \
      None, 1.)
        return [torch.mul_(a, share), torch.mul_(b, share)]
      """;

  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final int batches;
  private final @Nullable Double largestNorm;
  private final Parameters.Range training;
  private @Nullable Parameters sum;
  private int added;

  /**
   * Makes an empty sum.
   *
   * @param batches how many batches make one update, at least 1
   * @param largestNorm of the gradient of what trains, or null for any
   * @param training what trains: frozen weights have no gradient in fastai, so none that counts
   */
  GradientSum(int batches, @Nullable Double largestNorm, Parameters.Range training) {
    this.batches = batches;
    this.largestNorm = largestNorm;
    this.training = training;
  }

  /** Takes one batch's gradient in, and returns what to step with; null while more batches come. */
  @Nullable Parameters add(Parameters gradient) {
    if (batches > 1) {
      if (sum == null || added == 0) {
        sum = gradient.keepIn(own);
      } else {
        script.run("add", sum.decayed(), gradient.decayed());
        script.run("add", sum.plain(), gradient.plain());
      }
      added++;
      if (added < batches) {
        return null;
      }
      gradient = takeMean(sum);
    }
    if (largestNorm != null) {
      Parameters clipped = gradient.slice(training);
      script.run("clip", clipped.decayed(), clipped.plain(), largestNorm);
    }
    return gradient;
  }

  /**
   * Exchanges the sum in progress.
   *
   * @param alike parameters of the gradients' shape
   */
  void exchange(StateExchange with, Parameters alike) {
    added = (int) with.number("gradients.added", added);
    if (added > 0) {
      if (sum == null) {
        sum = alike.copy(own);
      }
      with.parameters("gradients", sum);
    }
  }

  /** Lets go of the sum in progress: the batches in it will come again. */
  void forget() {
    added = 0;
  }

  private Parameters takeMean(Parameters sum) {
    script.run("mean", sum.decayed(), (double) batches);
    script.run("mean", sum.plain(), (double) batches);
    added = 0;
    return sum.keepIn(Scope.current());
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
