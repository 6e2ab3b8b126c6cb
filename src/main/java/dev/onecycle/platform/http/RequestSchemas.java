package dev.onecycle.platform.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * Describes what every route does with a body and a query: fields that it does not know are
 * refused, null is as good as absent where a field may be absent, and saying the same twice is
 * once.
 */
@Component
class RequestSchemas implements GlobalOpenApiCustomizer {

  @Override
  public void customise(OpenAPI api) {
    api.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .forEach(operation -> describe(operation, api.getComponents()));
  }

  private static void describe(Operation operation, Components components) {
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(RequestSchemas::describe);
    }
    if (operation.getRequestBody() == null) {
      return;
    }
    MediaType json = operation.getRequestBody().getContent().get("application/json");
    if (json != null && json.getSchema().get$ref() != null) {
      String reference = json.getSchema().get$ref();
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      describe(Objects.requireNonNull(components.getSchemas().get(name)));
    }
  }

  private static void describe(Parameter parameter) {
    parameter.getSchema().setUniqueItems(null);
    if (parameter.getName().equals("Idempotency-Key")) {
      parameter.getSchema().setPattern("^" + Idempotency.KEY + "$");
    }
  }

  private static void describe(Schema<?> body) {
    body.setAdditionalProperties(false);
    List<String> required = body.getRequired() == null ? List.of() : body.getRequired();
    body.getProperties()
        .forEach(
            (name, field) -> {
              field.setUniqueItems(null);
              if (!required.contains(name)) {
                allowNull(field);
              }
            });
  }

  private static void allowNull(Schema<?> field) {
    if (field.getTypes() != null) { // what is of any type, or described elsewhere, has none
      Set<String> types = new LinkedHashSet<>(field.getTypes());
      types.add("null");
      field.setTypes(types);
    }
  }
}
