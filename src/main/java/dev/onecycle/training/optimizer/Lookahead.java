package dev.onecycle.training.optimizer;

import dev.onecycle.network.Parameters;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.Map;

/**
 * Weights that follow behind those in training, and where these start from again ("Lookahead
 * Optimizer: k Steps Forward, 1 Step Back", Zhang et al., 2019): after every sixth step they go
 * half the way, and training goes on from there.
 */
final class Lookahead implements AutoCloseable {

  private static final int EVERY = 6;
  private static final double SHARE = 0.5;

  private static final String METHODS =
      """
      def meet(self, slow: Tensor, fast: Tensor, share: float) -> bool:
        slow = torch.lerp_(slow, fast, share)
        fast = torch.copy_(fast, slow)
        return True
      """;

  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final Parameters fast;
  private final Parameters slow;

  /** Makes one that begins where {@code fast} is, which outlives it. */
  Lookahead(Parameters fast) {
    this.fast = fast;
    slow = fast.copy(own);
  }

  /** Follows after a step, which counts from 1. */
  void follow(int step) {
    if (step % EVERY == 0) {
      meet(slow.decayed(), fast.decayed());
      meet(slow.plain(), fast.plain());
    }
  }

  private void meet(Tensor slow, Tensor fast) {
    script.run("meet", slow, fast, SHARE);
  }

  /** Adds what it remembers, by name. */
  void state(Map<String, Tensor> state) {
    state.put("optimizer.slow.decayed", slow.decayed());
    state.put("optimizer.slow.plain", slow.plain());
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
