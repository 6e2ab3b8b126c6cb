package dev.onecycle.run.web;

import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Settings;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunSpec;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a new run has otherwise than the one it is cloned from; what is absent is the same.
 *
 * @param overrides values of the recipe by path, such as {@code phases[0].epochs}, or null
 * @param name what people call it
 * @param tags up to 20, each a line of up to 80 characters
 * @param priority -100 to 100
 * @param seed where every random draw starts from
 */
record CloneRequest(
    Map<String, Object> overrides,
    String name,
    @Size(max = 20)
        Set<@Pattern(regexp = RunRequest.TAG, message = RunRequest.TAG_RULE) @NotNull String> tags,
    Integer priority,
    Long seed) {

  /** The original once more. */
  static final CloneRequest SAME = new CloneRequest(null, null, null, null, null);

  /** What is asked for; throws as {@link RunSpec} and {@link RecipeReader} do. */
  RunSpec spec(Run original, StoredJson json) {
    RunSpec spec = original.spec();
    Map<String, Object> changes = new HashMap<>(overrides == null ? Map.of() : overrides);
    requireRecipe(spec, changes);
    String recipe = spec.recipe();
    long drawnFrom = seed == null ? spec.seed() : seed;
    if (spec.hasRecipe() && seed != null) {
      changes.put("seed", seed);
    }
    if (!changes.isEmpty()) {
      Recipe changed = RecipeReader.read(json.read(recipe, Map.class), changes);
      recipe = json.write(changed);
      drawnFrom = changed.seed();
    }
    return new RunSpec(
        spec.kind(),
        spec.dataset(),
        recipe,
        drawnFrom,
        name == null ? spec.name() : name,
        priority == null ? spec.priority() : priority,
        spec.from());
  }

  private static void requireRecipe(RunSpec spec, Map<String, Object> changes) {
    if (!spec.hasRecipe() && !changes.isEmpty()) {
      String message = "a run of kind " + spec.kind() + " has no recipe to override";
      throw Settings.invalid(List.of(new FieldError("overrides", message, null, null)));
    }
  }

  Set<String> tags(Run original) {
    return tags == null ? original.tags() : tags;
  }
}
