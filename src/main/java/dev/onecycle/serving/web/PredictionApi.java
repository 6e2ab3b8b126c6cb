package dev.onecycle.serving.web;

import static java.util.Objects.requireNonNull;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The parts of the OpenAPI document that the signatures of predictions do not say: the body is the
 * picture itself, or several are parts of a form, and the answer is for one or for several.
 */
@Configuration(proxyBeanMethods = false)
class PredictionApi {

  @Bean
  GlobalOpenApiCustomizer predictionBodies() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(PredictionView.Several.class)
          .forEach(api.getComponents()::addSchemas);
      // What one of the two answers has and the other has not.
      require(api, "Single", "predictions");
      require(api, "Several", "items");
      api.getComponents().addSchemas("Pictures", pictures());
      api.getPaths().entrySet().stream()
          .filter(path -> path.getKey().endsWith("}/predictions"))
          .map(path -> path.getValue().getPost())
          .filter(Objects::nonNull)
          .forEach(PredictionApi::describe);
    };
  }

  private static void require(OpenAPI api, String answer, String property) {
    Schema<?> schema = requireNonNull(api.getComponents().getSchemas().get(answer));
    schema.setRequired(List.of(property));
  }

  private static Schema<?> pictures() {
    Schema<?> form = new ObjectSchema();
    form.addProperty("image", new ArraySchema().items(new BinarySchema()).minItems(1));
    form.setRequired(List.of("image"));
    form.setAdditionalProperties(false);
    return form;
  }

  private static void describe(Operation operation) {
    // Any type does for a picture: its kind is read from its bytes.
    Content bodies =
        content("application/octet-stream", new BinarySchema())
            .addMediaType("multipart/form-data", new MediaType().schema(named("Pictures")));
    operation.setRequestBody(new RequestBody().required(true).content(bodies));
    operation.getParameters().forEach(PredictionApi::neverNull);
    Schema<?> answer = new Schema<>().oneOf(List.of(named("Single"), named("Several")));
    ApiResponse ok = Objects.requireNonNull(operation.getResponses().get("200"));
    ok.setContent(content("application/json", answer));
  }

  /** Says of a part of the query what its record cannot: it is absent, and never the word null. */
  private static void neverNull(Parameter part) {
    Schema<?> schema = part.getSchema();
    Set<String> types = new LinkedHashSet<>(schema.getTypes());
    types.remove("null");
    schema.setTypes(types);
  }

  private static Content content(String type, Schema<?> schema) {
    return new Content().addMediaType(type, new MediaType().schema(schema));
  }

  private static Schema<?> named(String schema) {
    return new Schema<>().$ref("#/components/schemas/" + schema);
  }
}
