package dev.onecycle.work.web;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunSpec;
import dev.onecycle.work.StartingPoints;
import dev.onecycle.work.TrainingWork;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have a run.
 *
 * @param dataset the dataset's id
 * @param recipe a preset's name or a recipe
 * @param overrides values of the recipe by path, such as {@code phases[0].epochs}, or null
 * @param from the checkpoint whose weights it starts from, or null
 * @param name what people call it; absent, the preset's name or "run"
 * @param tags up to 20, each a line of up to 80 characters, or null
 * @param priority -100 to 100, absent 0; the highest goes first
 * @param seed where every random draw starts from; absent, the recipe's
 */
record RunRequest(
    @NotNull UUID dataset,
    @NotNull Object recipe,
    @Nullable Map<String, Object> overrides,
    @Nullable UUID from,
    String name,
    @Size(max = 20) Set<@Pattern(regexp = Run.TAG, message = Run.TAG_RULE) @NotNull String> tags,
    Integer priority,
    @Nullable Long seed) {

  RunRequest {
    tags = tags == null ? Set.of() : tags;
    priority = priority == null ? 0 : priority;
    if (name == null) {
      name = recipe instanceof String preset ? preset : "run";
    }
  }

  /** Returns the run that is asked for; throws as {@link RunSpec} does. */
  RunSpec spec(Recipe resolved) {
    return new RunSpec(TrainingWork.KIND, dataset, resolved.seed(), name, priority, from);
  }

  /**
   * Returns the recipe with everything that the request says beside it; throws as {@link
   * StartingPoints#recipe} does.
   */
  Recipe resolved(StartingPoints startingPoints) {
    Map<String, Object> all = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (seed != null) {
      all.put("seed", seed);
    }
    return startingPoints.recipe(recipe, all, from);
  }
}
