package dev.onecycle.training;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Numerics;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import java.util.List;
import java.util.Map;

/**
 * A training of a tiny network for two epochs of six steps, for tests of what happens around it.
 */
public final class TinyTraining {

  private TinyTraining() {}

  /** Trains on the calling torch thread, from {@code state} or from the beginning where null. */
  public static boolean train(TrainingControl control, TrainingStateReader state) {
    Map<String, ?> phase =
        Map.of("size", 32, "batchSize", 8, "epochs", 2, "learningRate", 1e-3, "accumulate", 2);
    Recipe recipe = RecipeReader.read(Map.of("phases", List.of(phase)), null);
    try (Trainer trainer =
        new Trainer(
            recipe,
            new StripeBatches(new int[] {32}, 1),
            FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), true),
            Numerics.REFERENCE,
            new HeardTraining(),
            control)) {
      if (state != null) {
        trainer.goOnFrom(state);
      }
      return trainer.train();
    }
  }
}
