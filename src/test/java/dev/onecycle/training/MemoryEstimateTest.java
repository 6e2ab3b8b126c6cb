package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.network.Activations;
import dev.onecycle.network.Architecture;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

  private static final long XRESNET50 = 23_547_754;

  @Test
  void addsUpWhatTrainingKeeps() {
    Recipe recipe = RecipeReader.read("progressive", Map.of("ema", 0.99));
    MemoryEstimate estimate = MemoryEstimate.of(recipe, 10, false);
    assertThat(estimate.parameters()).isEqualTo(4 * XRESNET50);
    assertThat(estimate.gradients()).isEqualTo(4 * XRESNET50);
    assertThat(estimate.optimizer()).isEqualTo(8 * XRESNET50);
    assertThat(estimate.average()).isEqualTo(4 * XRESNET50);
    // The second phase, with half the batch and three times the pixels, is the larger one.
    long perPicture = Activations.perPicture(Architecture.named("xresnet50"), 224);
    assertThat(estimate.activations()).isEqualTo(64 * 4 * perPicture);
    assertThat(estimate.total())
        .isEqualTo(20 * XRESNET50 + estimate.activations() + estimate.backward());
    MemoryEstimate shorter = MemoryEstimate.of(recipe, 10, true);
    assertThat(shorter.activations()).isEqualTo(estimate.activations() / 2);
    assertThat(shorter.parameters()).isEqualTo(6 * XRESNET50);
  }

  @Test
  void aPlanNeedsWhatItsLargestPartNeeds() {
    Map<String, ?> many = Map.of("size", 64, "batchSize", 256, "epochs", 3);
    Map<String, ?> large = Map.of("size", 112, "batchSize", 64, "epochs", 2);
    Recipe recipe =
        RecipeReader.read(
            Map.of("phases", List.of(Map.of("size", 128, "plan", List.of(many, large)))), null);
    assertThat(MemoryEstimate.of(recipe, 10, false).activations())
        .isEqualTo(256 * 4 * Activations.perPicture(Architecture.named("xresnet50"), 64));
  }

  /**
   * What a step of 12 pictures of 128 pixels took on a processor, in MiB: kept, by a glibc that
   * hands back what is freed, and at its peak, by one that keeps it, as the launchers tell it to.
   */
  @ParameterizedTest
  @CsvSource({
    "xresnet50, relu, max, false, 374, 605",
    "xresnet50, mish, max, false, 530, 839",
    "xresnet50, mish, maxblur, false, 590, 927",
    "xse_resnext50, mish, maxblur, true, 846, 1209"
  })
  void isNearWhatWasMeasured(
      String architecture,
      String activation,
      String pooling,
      boolean attention,
      int kept,
      int peak) {
    Map<String, ?> phase = Map.of("size", 128, "batchSize", 12);
    Map<String, ?> network =
        Map.of(
            "architecture",
            architecture,
            "activation",
            activation,
            "pooling",
            pooling,
            "selfAttention",
            attention,
            "phases",
            List.of(phase));
    MemoryEstimate estimate = MemoryEstimate.of(RecipeReader.read(network, null), 10, false);
    assertThat((double) (estimate.activations() >> 20))
        .isCloseTo(kept, Percentage.withPercentage(15));
    long all = estimate.activations() + estimate.backward() + estimate.gradients();
    assertThat((double) (all >> 20)).isCloseTo(peak, Percentage.withPercentage(15));
  }

  @Test
  void activationsGrowWithTheArea() {
    Architecture architecture = Architecture.named("xresnet18");
    assertThat((double) Activations.perPicture(architecture, 256))
        .isCloseTo(4.0 * Activations.perPicture(architecture, 128), Percentage.withPercentage(1));
    // By hand at 32 pixels: the stem's three convolutions at 16, each output kept twice.
    long stem = 3 * 32 * 32 + 2L * (32 + 32 + 64) * 16 * 16 + 3L * 64 * 8 * 8;
    long stages =
        2L * 4 * 64 * 8 * 8
            + 2L * 4 * 128 * 4 * 4
            + (64 + 128) * 4 * 4
            + 2L * 4 * 256 * 2 * 2
            + (128 + 256) * 2 * 2
            + 2L * 4 * 512
            + (256 + 512);
    assertThat(Activations.perPicture(architecture, 32)).isEqualTo(stem + stages);
  }
}
