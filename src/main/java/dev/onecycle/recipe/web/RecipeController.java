package dev.onecycle.recipe.web;

import dev.onecycle.recipe.Preset;
import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.RecipeSchema;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes of presets and of the recipe's schema. */
@RestController
@RequestMapping("/api/v1/recipes")
class RecipeController {

  /** Returns every preset with its resolved recipe. */
  @GetMapping
  Map<String, List<Preset>> list() {
    return Map.of("items", Presets.all());
  }

  /** Returns one preset with its resolved recipe. */
  @GetMapping("/{name}")
  Preset get(@PathVariable String name) {
    return Presets.named(name);
  }

  /** Returns the JSON Schema of an inline recipe: every field, its meaning, limits and default. */
  @GetMapping("/schema")
  Map<String, Object> schema() {
    return RecipeSchema.schema();
  }
}
