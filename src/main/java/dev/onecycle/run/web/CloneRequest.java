package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunSpec;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    @Nullable Map<String, Object> overrides,
    @Nullable String name,
    @Size(max = 20)
        @Nullable Set<@Pattern(regexp = Run.TAG, message = Run.TAG_RULE) @NotNull String> tags,
    @Nullable Integer priority,
    @Nullable Long seed) {

  /** The original once more. */
  static final CloneRequest SAME = new CloneRequest(null, null, null, null, null);

  /**
   * Returns what the new run's work is asked for.
   *
   * @param original what the original's work was asked for
   * @throws Failure.Invalid as {@link RecipeReader} does, and for overrides of what is no recipe
   */
  Object asked(String kind, Object original) {
    Map<String, Object> changes = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (original instanceof Recipe recipe) {
      if (seed != null) {
        changes.put("seed", seed);
      }
      return RecipeReader.read(RecipeReader.tree(recipe), changes);
    }
    if (!changes.isEmpty()) {
      String message = "a run of kind " + kind + " has no recipe to override";
      throw Failure.Invalid.field("overrides", message, null, null);
    }
    return original;
  }

  /**
   * Returns the new run.
   *
   * @param asked what its work is asked for
   * @throws Failure.Invalid as {@link RunSpec} does
   */
  RunSpec spec(RunSpec original, Object asked) {
    long same = asked instanceof Recipe recipe ? recipe.seed() : original.seed();
    return new RunSpec(
        original.kind(),
        original.dataset(),
        seed == null ? same : seed,
        name == null ? original.name() : name,
        priority == null ? original.priority() : priority,
        original.from());
  }

  Set<String> tags(Run original) {
    return tags == null ? original.tags() : tags;
  }
}
