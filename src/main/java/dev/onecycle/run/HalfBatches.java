package dev.onecycle.run;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a recipe's {@code onOutOfMemory: halve-batch} asks for: a training that does not fit in the
 * device's memory is tried once more with half of each phase's batch and twice its accumulation, so
 * that an update sees as many pictures as before.
 */
final class HalfBatches {

  private HalfBatches() {}

  /** A training by its recipe, or by half of its batches. */
  @FunctionalInterface
  interface Training {
    RunWork.Ending by(Recipe recipe, boolean halved) throws Exception;
  }

  /** Trains; a run that was halved once, in this attempt or before its resume point, stays so. */
  static RunWork.Ending orWhole(RunContext context, Recipe recipe, Training training)
      throws Exception {
    ResumePoint point = context.resumePoint();
    if (point != null && point.halved()) {
      return training.by(of(recipe), true);
    }
    try {
      return training.by(recipe, false);
    } catch (TorchException e) {
      if (e.kind() != TorchException.Kind.OUT_OF_MEMORY || !allowed(recipe)) {
        throw e;
      }
      context.goBack(
          context.resumePoint(),
          "out of memory: goes on with half the batch and twice the accumulation ("
              + e.getMessage()
              + ")");
    }
    Torch.releaseMemory();
    return training.by(of(recipe), true);
  }

  private static boolean allowed(Recipe recipe) {
    return recipe.onOutOfMemory() == Recipe.OnOutOfMemory.HALVE_BATCH
        && recipe.phases().stream().allMatch(phase -> phase.batchSize() >= 4);
  }

  /** The same in words, for who set something else. */
  static String advice(Recipe recipe) {
    String phases =
        IntStream.range(0, recipe.phases().size())
            .mapToObj(i -> advice(i, recipe.phases().get(i)))
            .collect(Collectors.joining("; "));
    return "Try half of the batch and twice the accumulation: " + phases + ".";
  }

  private static String advice(int i, Phase phase) {
    return "phases[%d].batchSize %d, accumulate %d"
        .formatted(i, Math.max(1, phase.batchSize() / 2), 2 * phase.accumulate());
  }

  static Recipe of(Recipe recipe) {
    Map<String, Integer> halves = new HashMap<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      halves.put("phases[" + i + "].batchSize", phase.batchSize() / 2);
      halves.put("phases[" + i + "].accumulate", phase.accumulate() * 2);
    }
    return RecipeReader.read(RecipeReader.tree(recipe), halves);
  }
}
