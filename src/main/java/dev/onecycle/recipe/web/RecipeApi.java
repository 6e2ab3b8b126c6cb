package dev.onecycle.recipe.web;

import dev.onecycle.platform.Setting;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the types of recipes do not say in the OpenAPI document: which of their values may be null.
 */
@Configuration(proxyBeanMethods = false)
class RecipeApi {

  @Bean
  GlobalOpenApiCustomizer nullableSettings() {
    return api -> {
      describe(Recipe.class, api.getComponents());
      describe(Phase.class, api.getComponents());
    };
  }

  private static void describe(Class<? extends Record> type, Components components) {
    Schema<?> described = components.getSchemas().get(type.getSimpleName());
    if (described == null) {
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (component.getType().isRecord()) {
        describe(component.getType().asSubclass(Record.class), components);
      }
      if (setting != null && setting.orNull()) {
        described.getProperties().computeIfPresent(component.getName(), (name, of) -> orNull(of));
      }
    }
  }

  private static Schema<?> orNull(Schema<?> value) {
    if (value.get$ref() == null) {
      Set<String> types = new LinkedHashSet<>(value.getTypes());
      types.add("null");
      value.setTypes(types);
      return value;
    }
    Schema<?> nothing = new JsonSchema();
    nothing.setTypes(Set.of("null"));
    Schema<?> either = new JsonSchema();
    either.setAnyOf(List.of(value, nothing));
    return either;
  }
}
