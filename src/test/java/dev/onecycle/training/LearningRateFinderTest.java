package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.OnTorchThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnTorchThread.class)
class LearningRateFinderTest {

  private final List<TrainingListener.Step> told = new ArrayList<>();

  private Optional<LearningRateCurve> find(int stopAfter) {
    Map<String, ?> phase = Map.of("size", 64, "batchSize", 8);
    Recipe recipe = RecipeReader.read(Map.of("phases", List.of(phase)), null);
    StateDict initial =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), false);
    return LearningRateFinder.find(
        recipe,
        new StripeBatches(new int[] {64}, 1),
        initial,
        Numerics.REFERENCE,
        told::add,
        () -> told.size() == stopAfter);
  }

  @Test
  void lossFallsThenRisesAsTheRateGrows() {
    LearningRateCurve curve = find(-1).orElseThrow();
    double[] losses = curve.losses();
    assertThat(losses.length).isBetween(70, 100);
    assertThat(curve.learningRates()[0]).isEqualTo(1e-7);
    double least = Double.POSITIVE_INFINITY;
    for (double loss : losses) {
      least = Math.min(least, loss);
    }
    assertThat(least).isLessThan(0.8 * losses[0]).isLessThan(0.8 * losses[losses.length - 1]);
    assertThat(curve.suggestion().valley()).isBetween(1e-5, 1.0);
    assertThat(told).hasSize(losses.length);
    TrainingListener.Step last = told.get(told.size() - 1);
    assertThat(last.step()).isEqualTo(losses.length);
    assertThat(last.steps()).isEqualTo(100);
    assertThat(last.momentum()).isEqualTo(0.9);
    assertThat(last.epochs()).isEqualTo(17); // of 6 batches each
  }

  @Test
  void stopsBetweenTwoSteps() {
    assertThat(find(3)).isEmpty();
    assertThat(told).hasSize(3);
  }
}
