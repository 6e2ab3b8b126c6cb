package dev.onecycle.work.web;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.RunSpec;
import dev.onecycle.work.LabelCheckWork;
import dev.onecycle.work.StartingPoints;
import dev.onecycle.work.labels.LabelCheckOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have a dataset's labels checked.
 *
 * @param folds 2 to 10; absent, 4
 * @param recipe a preset's name or a recipe, of each fold's training; absent, "label-check"
 * @param overrides values of the recipe by path, such as {@code phases[0].epochs}, or null
 * @param from the checkpoint whose weights each training starts from, or null; not one that was
 *     trained on these pictures
 * @param seed where every random draw starts from; absent, the recipe's
 * @param name what people call the run; absent, "label-check"
 * @param priority -100 to 100, absent 0; the highest goes first
 */
record LabelCheckRequest(
    Integer folds,
    Object recipe,
    @Nullable Map<String, Object> overrides,
    @Nullable UUID from,
    @Nullable Long seed,
    String name,
    Integer priority) {

  private static final String RECIPE = "label-check";
  private static final int FOLDS = 4;

  LabelCheckRequest {
    folds = folds == null ? FOLDS : folds;
    recipe = recipe == null ? RECIPE : recipe;
    name = name == null ? LabelCheckWork.KIND : name;
    priority = priority == null ? 0 : priority;
  }

  /** Returns what its work is asked for; throws as {@link StartingPoints#recipe} does. */
  LabelCheckOptions asked(StartingPoints startingPoints) {
    Map<String, Object> all = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (seed != null) {
      all.put("seed", seed);
    }
    return new LabelCheckOptions(folds, startingPoints.recipe(recipe, all, from));
  }

  /** Returns the run that is asked for; throws as {@link RunSpec} does. */
  RunSpec spec(UUID dataset, Recipe resolved) {
    return new RunSpec(LabelCheckWork.KIND, dataset, resolved.seed(), name, priority, from);
  }
}
