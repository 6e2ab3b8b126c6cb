package dev.onecycle.search.web;

import dev.onecycle.search.Metric;
import dev.onecycle.search.NewSearch;
import dev.onecycle.search.Range;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have a search.
 *
 * @param dataset the dataset's id
 * @param recipe a preset's name or a recipe: what all trials have in common; absent, fast
 * @param budget the time that all of it gets, queues and pauses included: such as {@code "10m"},
 *     {@code {"time": "10m"}} or {@code {"until": "2030-01-31T12:00:00Z"}}; absent, as long as its
 *     trials take
 * @param overrides values of the recipe by path, such as {@code phases[0].epochs}, or null
 * @param space the fields that trials draw, by path, and from what
 * @param trials how many recipes are tried; absent, 9
 * @param reduction of so many trials one goes on each time they are compared; absent, 3
 * @param metric what they are compared by; absent, accuracy
 * @param seed where their draws start from; absent, 42
 * @param name what people call it; absent, "search"
 * @param priority of its runs, -100 to 90; absent, 0
 */
record SearchRequest(
    @NotNull UUID dataset,
    Object recipe,
    @Schema(types = {"string", "object"}) @Nullable Object budget,
    @Nullable Map<String, Object> overrides,
    @NotEmpty @Size(max = 16) Map<String, @Valid @NotNull Range> space,
    @Min(2) @Max(200) Integer trials,
    @Min(2) @Max(10) Integer reduction,
    Metric metric,
    Long seed,
    @Size(min = 1, max = 190) String name,
    @Min(-100) @Max(90) Integer priority) {

  SearchRequest {
    recipe = recipe == null ? "fast" : recipe;
    trials = trials == null ? 9 : trials;
    reduction = reduction == null ? 3 : reduction;
    metric = metric == null ? Metric.ACCURACY : metric;
    seed = seed == null ? 42 : seed;
    name = name == null ? "search" : name;
    priority = priority == null ? 0 : priority;
  }

  NewSearch asked() {
    Map<String, Object> all = new HashMap<>(overrides == null ? Map.of() : overrides);
    if (budget != null) {
      all.put("budget", budget instanceof String time ? Map.of("time", time) : budget);
    }
    return new NewSearch(
        name, dataset, recipe, all, space, trials, reduction, metric, seed, priority);
  }
}
