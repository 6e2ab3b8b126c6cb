package dev.onecycle.training;

import dev.onecycle.network.Weights;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.List;

/**
 * The exponential average of a network's weights, norm statistics included: {@code average = decay
 * * average + (1 - decay) * weights} after every step, from the weights it starts with.
 */
final class WeightAverage implements AutoCloseable {

  private static final String METHODS =
      """
      def toward(self, average: Tensor, weights: Tensor, share: float) -> Tensor:
        return torch.lerp_(average, weights, share)
      """;

  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final double decay;
  private final Weights average;

  WeightAverage(Weights weights, double decay) {
    this.decay = decay;
    try (Scope scope = Scope.open()) {
      average = weights.copy(own);
    }
  }

  Weights average() {
    return average;
  }

  void add(Weights weights) {
    toward(average.parameters().decayed(), weights.parameters().decayed());
    toward(average.parameters().plain(), weights.parameters().plain());
    toward(average.statistics(), weights.statistics());
  }

  private void toward(Tensor average, Tensor weights) {
    List<Tensor> same = script.run("toward", average, weights, 1 - decay);
    same.forEach(Tensor::close);
  }

  void exchange(StateExchange with) {
    with.weights("average", average);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
