package dev.onecycle.work;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.ResumePoint;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.training.TrainingPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a recipe's {@code onOutOfMemory: halve-batch}: a training that does not fit in the
 * device's memory is tried once more with half of each phase's batch and twice its accumulation, so
 * that an update sees as many pictures as before. The run's steps stay those of its recipe: what is
 * told of a halved training is counted in whole batches.
 */
final class HalfBatches {

  private final RunContext context;
  private final Recipe whole;
  private final TrainingPlan plan;
  private final Optional<Recipe> half;
  private boolean halved;

  /**
   * Begins with whole batches, unless the run was halved before its resume point: it stays so then.
   *
   * @param plan of the recipe as it is
   */
  HalfBatches(RunContext context, Recipe whole, TrainingPlan plan) {
    this.context = context;
    this.whole = whole;
    this.plan = plan;
    half = of(whole);
    halved = context.resumePoint() != null && context.resumePoint().halved();
  }

  /** Returns the recipe with the batches to train with now. */
  Recipe recipe() {
    return halved ? half.orElseThrow() : whole;
  }

  /** Returns whether those are halved ones. */
  boolean halved() {
    return halved;
  }

  /**
   * Goes on with half batches after the training failed.
   *
   * @throws WorkFailed where they are halved already
   * @throws TorchException the failure itself, where it is another than too little memory, or the
   *     recipe does not ask for half batches or may not have them
   */
  void halve(TorchException failure) throws WorkFailed {
    if (failure.kind() != TorchException.Kind.OUT_OF_MEMORY) {
      throw failure;
    }
    if (halved) {
      throw new WorkFailed(
          RunFailure.Kind.OUT_OF_MEMORY, failure.getMessage(), advice(recipe()), failure);
    }
    if (whole.onOutOfMemory() != Recipe.OnOutOfMemory.HALVE_BATCH || half.isEmpty()) {
      throw failure;
    }
    context.goBack(
        halvedPoint(context.resumePoint()),
        "out of memory: goes on with half the batch and twice the accumulation ("
            + failure.getMessage()
            + ")");
    halved = true;
    Torch.releaseMemory();
  }

  /**
   * Returns where a training goes on with other batches: they do not meet those of an epoch begun.
   */
  private @Nullable ResumePoint halvedPoint(@Nullable ResumePoint point) {
    if (point == null) {
      return null;
    }
    Position start = point.position().startOfEpoch();
    return new ResumePoint(point.attempt(), start, plan.stepsAt(start), true, point.state());
  }

  /** Returns half batches in words, for who set something else. */
  static String advice(Recipe recipe) {
    return of(recipe).map(HalfBatches::settings).orElse("Try smaller pictures.");
  }

  private static String settings(Recipe half) {
    String phases =
        IntStream.range(0, half.phases().size())
            .mapToObj(i -> settings(i, half.phases().get(i)))
            .collect(Collectors.joining("; "));
    return "Try half of the batch and twice the accumulation: " + phases + ".";
  }

  private static String settings(int i, Phase phase) {
    String batches =
        IntStream.range(0, phase.plan().size())
            .mapToObj(j -> "plan[%d].batchSize %d, ".formatted(j, phase.plan().get(j).batchSize()))
            .collect(Collectors.joining());
    return "phases[%d].batchSize %d, %saccumulate %d"
        .formatted(i, phase.batchSize(), batches, phase.accumulate());
  }

  /**
   * Returns half of each batch and twice its accumulation; empty where a recipe may not have that.
   */
  private static Optional<Recipe> of(Recipe recipe) {
    Map<String, Integer> halves = new HashMap<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      halves.put("phases[" + i + "].batchSize", phase.batchSize() / 2);
      halves.put("phases[" + i + "].accumulate", phase.accumulate() * 2);
      for (int j = 0; j < phase.plan().size(); j++) {
        int batchSize = phase.plan().get(j).batchSize();
        halves.put("phases[" + i + "].plan[" + j + "].batchSize", batchSize / 2);
      }
    }
    try {
      return Optional.of(RecipeReader.read(RecipeReader.tree(recipe), halves));
    } catch (Failure.Invalid e) {
      return Optional.empty();
    }
  }
}
