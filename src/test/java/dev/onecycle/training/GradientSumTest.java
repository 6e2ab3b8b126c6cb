package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.Weights;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class GradientSumTest {

  private static final Parameters.Range ALL = new Parameters.Range(0, 2, 0, 1);

  private static Parameters gradient(float a, float b, float c) {
    return new Parameters(Tensor.of(new float[] {a, b}, 2), Tensor.of(new float[] {c}, 1));
  }

  private static void assertIs(Parameters gradient, float a, float b, float c) {
    assertThat(gradient.decayed().floats()).containsExactly(new float[] {a, b}, within(1e-5f));
    assertThat(gradient.plain().floats()).containsExactly(new float[] {c}, within(1e-5f));
  }

  @Test
  void gradientsOfSeveralBatchesBecomeTheirMean() {
    try (GradientSum sum = new GradientSum(3, null, ALL)) {
      for (int update = 0; update < 2; update++) {
        try (Scope step = Scope.open()) {
          assertThat(sum.add(gradient(1, 2, 3))).isNull();
        }
        try (Scope step = Scope.open()) {
          assertThat(sum.add(gradient(4, 4, 4))).isNull();
        }
        try (Scope step = Scope.open()) {
          assertIs(sum.add(gradient(1, 0, 2)), 2, 2, 3);
        }
      }
    }
  }

  @Test
  void whatIsForgottenDoesNotCount() {
    try (GradientSum sum = new GradientSum(2, null, ALL);
        Scope steps = Scope.open()) {
      assertThat(sum.add(gradient(9, 9, 9))).isNull();
      sum.forget();
      assertThat(sum.add(gradient(1, 2, 3))).isNull();
      assertIs(sum.add(gradient(3, 2, 1)), 2, 2, 2);
    }
  }

  @Test
  void aLongGradientIsCutToTheNormAndAShortOneIsNot() {
    try (GradientSum sum = new GradientSum(1, 3.5, ALL)) {
      assertIs(sum.add(gradient(2, 3, 6)), 1, 1.5f, 3); // norm 7
      assertIs(sum.add(gradient(0.2f, 0.3f, 0.6f)), 0.2f, 0.3f, 0.6f);
    }
  }

  @Test
  void theMeanIsCutNotItsParts() {
    try (GradientSum sum = new GradientSum(2, 3.5, ALL)) {
      sum.add(gradient(40, 0, 0));
      assertIs(sum.add(gradient(-36, 6, 12)), 1, 1.5f, 3); // mean 2, 3, 6
    }
  }

  /** Frozen weights have no gradient in fastai, so theirs is not part of the norm. */
  @Test
  void whatDoesNotTrainDoesNotCountInTheNorm() {
    Parameters.Range withoutTheFirst = new Parameters.Range(1, 2, 0, 1);
    try (GradientSum sum = new GradientSum(1, 2.5, withoutTheFirst)) {
      assertIs(sum.add(gradient(100, 3, 4)), 100, 1.5f, 2);
    }
  }

  /** In evaluation mode, where norms do not look at the batch, halves add up to the whole. */
  @Test
  void twoHalvesAreOneBatch() {
    Layout layout = Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10);
    try (Network network = new Network(FormulaNetworks.filled(layout, true), Numerics.REFERENCE);
        Objective objective = new Objective(0.1);
        Script cut =
            new Script(
                """
                def half(self, x: Tensor, at: Tensor) -> Tensor:
                  return torch.index_select(x, 0, at)
                """);
        GradientSum sum = new GradientSum(2, null, network.groups(1).get(0))) {
      Tensor pictures = FormulaNetworks.input(11, 4, 64);
      Tensor targets = FormulaNetworks.targets(11, 4);
      Parameters whole = gradient(network, objective, pictures, targets);
      Parameters mean = null;
      for (long half = 0; half < 2; half++) {
        Tensor at = Tensor.of(new long[] {2 * half, 2 * half + 1}, 2);
        mean =
            sum.add(
                gradient(
                    network,
                    objective,
                    cut.call("half", pictures, at),
                    cut.call("half", targets, at)));
      }
      assertClose(mean.decayed().floats(), whole.decayed().floats());
      assertClose(mean.plain().floats(), whole.plain().floats());
    }
  }

  private static Parameters gradient(
      Network network, Objective objective, Tensor pictures, Tensor targets) {
    Parameters leaves = network.parameters().leaves();
    Tensor loss;
    try (var recording = Gradients.record()) {
      Weights weights = new Weights(leaves, network.weights().statistics());
      loss = objective.loss(network.evaluate(pictures, weights), targets);
    }
    loss.backward();
    return leaves.gradients();
  }

  private static void assertClose(float[] actual, float[] expected) {
    float[] difference = new float[actual.length];
    for (int i = 0; i < actual.length; i++) {
      difference[i] = actual[i] - expected[i];
    }
    assertThat(FormulaNetworks.l2(difference)).isLessThan(1e-5 * FormulaNetworks.l2(expected));
  }
}
