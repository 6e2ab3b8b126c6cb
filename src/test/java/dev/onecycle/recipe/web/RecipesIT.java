package dev.onecycle.recipe.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.recipe.Presets;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.testing.OpenServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecipesIT extends OpenServer {

  @Autowired private JsonMapper mapper;

  @Test
  void listsThePresets() {
    JsonNode items = http().get("/api/v1/recipes").json().get("items");
    assertThat(items.size()).isEqualTo(Presets.all().size());
    assertThat(items.get(0).get("name").asString()).isEqualTo("smoke");
    assertThat(items.get(0).get("description").asString()).isNotBlank();
  }

  @Test
  void whatIsServedReadsBackAsTheSameRecipe() {
    for (var preset : Presets.all()) {
      JsonNode served = http().get("/api/v1/recipes/" + preset.name()).json().get("recipe");
      Object tree = mapper.treeToValue(served, Map.class);
      assertThat(RecipeReader.read(tree, null)).isEqualTo(preset.recipe());
      assertThat(mapper.treeToValue(served, Recipe.class)).isEqualTo(preset.recipe());
    }
  }

  @Test
  void saysNullWhereARecipeGoesWithout() {
    JsonNode recipe = http().get("/api/v1/recipes/baseline").json().get("recipe");
    for (String field : new String[] {"mixup", "ema", "earlyStopping", "tta"}) {
      assertThat(recipe.has(field)).as(field).isTrue();
      assertThat(recipe.get(field).isNull()).as(field).isTrue();
    }
    assertThat(recipe.at("/phases/0/policy").asString()).isEqualTo("one-cycle");
  }

  @Test
  void theSchemaCarriesLimitsMeaningsAndDefaults() {
    JsonNode schema = http().get("/api/v1/recipes/schema").json();
    JsonNode size = schema.at("/properties/phases/items/properties/size");
    assertThat(size.get("type").asString()).isEqualTo("integer");
    assertThat(size.get("minimum").asInt()).isEqualTo(32);
    assertThat(size.get("maximum").asInt()).isEqualTo(1024);
    assertThat(size.get("default").asInt()).isEqualTo(224);
    assertThat(size.get("description").asString()).contains("pixels");
    assertThat(schema.at("/properties/mixup/type/1").asString()).isEqualTo("null");
    assertThat(schema.at("/properties/precision/enum").size()).isEqualTo(3);
    assertThat(schema.at("/additionalProperties").asBoolean(true)).isFalse();
  }

  @Test
  void anUnknownNameIsNotFoundAndMeetsTheNearest() {
    var answer = http().get("/api/v1/recipes/progresive");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().get("detail").asString()).contains("'progressive'");
  }
}
