package dev.onecycle.work.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunSpec;
import dev.onecycle.work.StartingPoints;
import dev.onecycle.work.TrainingWork;
import io.swagger.v3.oas.annotations.media.Schema;
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
 * @param recipe a preset's name or a recipe; with a budget it may be absent, which means fast
 * @param budget the time that it gets, instead of as long as its recipe's epochs take: such as
 *     {@code "10m"}, {@code {"time": "10m"}} or {@code {"until": "2030-01-31T12:00:00Z"}}, or null
 * @param overrides values of the recipe by path, such as {@code phases[0].epochs}, or null
 * @param from the checkpoint whose weights it starts from, or null
 * @param name what people call it; absent, the preset's name or "run"
 * @param tags up to 20, each a line of up to 80 characters, or null
 * @param priority -100 to 100, absent 0; the highest goes first
 * @param seed where every random draw starts from; absent, the recipe's
 */
record RunRequest(
    @NotNull UUID dataset,
    @Nullable Object recipe,
    @Schema(types = {"string", "object"}) @Nullable Object budget,
    @Nullable Map<String, Object> overrides,
    @Nullable UUID from,
    String name,
    @Size(max = 20) Set<@Pattern(regexp = Run.TAG, message = Run.TAG_RULE) @NotNull String> tags,
    Integer priority,
    @Nullable Long seed) {

  /** The preset that a budget alone is spent on. */
  private static final String BASE = "fast";

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
    if (recipe == null && budget == null) {
      String message = "must not be null where there is no budget";
      throw Failure.Invalid.field("recipe", message, null, null);
    }
    Map<String, Object> all = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (seed != null) {
      all.put("seed", seed);
    }
    if (budget != null) {
      all.put("budget", budget instanceof String time ? Map.of("time", time) : budget);
    }
    return startingPoints.recipe(recipe == null ? BASE : recipe, all, from);
  }
}
