package dev.onecycle.run.web;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.RunSpec;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

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
    Map<String, Object> overrides,
    UUID from,
    String name,
    @Size(max = 20)
        Set<@Pattern(regexp = RunRequest.TAG, message = RunRequest.TAG_RULE) @NotNull String> tags,
    Integer priority,
    Long seed) {

  /** What a tag looks like. */
  static final String TAG = "[^\\p{Cntrl}]{1,80}";

  /** The same in words. */
  static final String TAG_RULE = "must be a line of 1 to 80 characters";

  RunRequest {
    tags = tags == null ? Set.of() : tags;
    priority = priority == null ? 0 : priority;
    if (name == null) {
      name = recipe instanceof String preset ? preset : "run";
    }
  }

  /** What is asked for; throws as {@link RunSpec} and {@link RecipeReader} do. */
  RunSpec spec(String kind, JsonMapper mapper) {
    Recipe resolved = resolved();
    return new RunSpec(
        kind, dataset, mapper.writeValueAsString(resolved), resolved.seed(), name, priority, from);
  }

  /** The recipe with everything that the request says beside it. */
  Recipe resolved() {
    Map<String, Object> all = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (seed != null) {
      all.put("seed", seed);
    }
    return RecipeReader.read(recipe, all);
  }
}
