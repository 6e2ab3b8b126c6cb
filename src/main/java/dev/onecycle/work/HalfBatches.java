package dev.onecycle.work;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.ResumePoint;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunWork;
import dev.onecycle.run.WorkFailed;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchException;
import dev.onecycle.training.TrainingPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a recipe's {@code onOutOfMemory: halve-batch} asks for: a training that does not fit in the
 * device's memory is tried once more with half of each phase's batch and twice its accumulation, so
 * that an update sees as many pictures as before. The run's steps stay those of its recipe: what is
 * told of a halved training is counted in whole batches.
 */
public final class HalfBatches {

  private HalfBatches() {}

  /** A training by its recipe, or by half of its batches. */
  @FunctionalInterface
  interface Training {
    RunWork.Ending by(Recipe recipe, boolean halved) throws Exception;
  }

  /**
   * Trains; a run that was halved once, in this attempt or before its resume point, stays so.
   *
   * @param plan of the recipe as it is
   */
  static RunWork.Ending orWhole(
      RunContext context, Recipe recipe, TrainingPlan plan, Training training) throws Exception {
    ResumePoint point = context.resumePoint();
    Optional<Recipe> half = of(recipe);
    if (point != null && point.halved()) {
      return halved(half.orElseThrow(), training);
    }
    boolean allowed = recipe.onOutOfMemory() == Recipe.OnOutOfMemory.HALVE_BATCH;
    try {
      return training.by(recipe, false);
    } catch (TorchException e) {
      if (e.kind() != TorchException.Kind.OUT_OF_MEMORY || !allowed || half.isEmpty()) {
        throw e;
      }
      context.goBack(
          point(context.resumePoint(), recipe, plan),
          "out of memory: goes on with half the batch and twice the accumulation ("
              + e.getMessage()
              + ")");
    }
    Torch.releaseMemory();
    return halved(half.get(), training);
  }

  private static RunWork.Ending halved(Recipe half, Training training) throws Exception {
    try {
      return training.by(half, true);
    } catch (TorchException e) {
      throw e.kind() == TorchException.Kind.OUT_OF_MEMORY
          ? new WorkFailed(RunFailure.Kind.OUT_OF_MEMORY, e.getMessage(), advice(half), e)
          : e;
    }
  }

  /** Where a training goes on with other batches: they do not meet those of an epoch begun. */
  private static ResumePoint point(ResumePoint whole, Recipe recipe, TrainingPlan plan) {
    if (whole == null) {
      return null;
    }
    Position start = whole.position().startOfEpoch();
    long step = plan.stepsAt(recipe, start);
    return new ResumePoint(whole.attempt(), start, step, true, whole.state());
  }

  /** The same in words, for who set something else. */
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
    return "phases[%d].batchSize %d, accumulate %d"
        .formatted(i, phase.batchSize(), phase.accumulate());
  }

  /** Half of each batch and twice its accumulation; empty where a recipe may not have that. */
  static Optional<Recipe> of(Recipe recipe) {
    Map<String, Integer> halves = new HashMap<>();
    for (int i = 0; i < recipe.phases().size(); i++) {
      Phase phase = recipe.phases().get(i);
      halves.put("phases[" + i + "].batchSize", phase.batchSize() / 2);
      halves.put("phases[" + i + "].accumulate", phase.accumulate() * 2);
    }
    try {
      return Optional.of(RecipeReader.read(RecipeReader.tree(recipe), halves));
    } catch (Failure.Invalid e) {
      return Optional.empty();
    }
  }
}
