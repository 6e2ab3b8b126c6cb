package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.OnTorchThread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fine-tune phase with a body and a head trains: first the head, then everything. */
@ExtendWith(OnTorchThread.class)
class FrozenFitTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void theFrozenBodyRestsWhileNormsAndHeadMove(int groups) {
    StateDict initial =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), true);
    HeardTraining heard = train(groups, initial);
    StateDict warmed = heard.weights().get(0);
    StateDict tuned = heard.weights().get(1);
    for (Layout.Entry entry : initial.layout().entries()) {
      String name = entry.name();
      switch (entry.kind()) {
        case CONV_WEIGHT -> {
          assertThat(warmed.values().get(name)).as(name).isEqualTo(initial.values().get(name));
          assertThat(tuned.values().get(name)).as(name).isNotEqualTo(initial.values().get(name));
        }
        case BATCHES_TRACKED -> assertThat(warmed.batchesTracked()).isEqualTo(6);
        default ->
            assertThat(Arrays.equals(warmed.values().get(name), initial.values().get(name)))
                .as(name)
                .isFalse();
      }
    }
  }

  @Test
  void withOneGroupNothingIsFrozen() {
    StateDict initial =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), true);
    StateDict warmed = train(1, initial).weights().get(0);
    initial
        .values()
        .forEach(
            (name, values) -> assertThat(warmed.values().get(name)).as(name).isNotEqualTo(values));
  }

  private static HeardTraining train(int groups, StateDict initial) {
    Map<String, ?> phase =
        Map.of(
            "policy",
            "fine-tune",
            "size",
            64,
            "batchSize",
            8,
            "epochs",
            1,
            "learningRate",
            1e-3,
            "parameterGroups",
            groups);
    Recipe recipe = RecipeReader.read(Map.of("phases", List.of(phase)), null);
    HeardTraining heard = new HeardTraining();
    try (Trainer trainer =
        new Trainer(
            recipe,
            new StripeBatches(new int[] {64}, 1),
            initial,
            Numerics.REFERENCE,
            heard,
            () -> false)) {
      assertThat(trainer.train()).isTrue();
    }
    return heard;
  }
}
