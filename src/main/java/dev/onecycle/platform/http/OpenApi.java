package dev.onecycle.platform.http;

import dev.onecycle.platform.CodeVersion;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

/** The OpenAPI document's head, and the problem document that every route may answer. */
@Configuration(proxyBeanMethods = false)
class OpenApi {

  private static final String KEY = "key";
  private static final SecurityScheme API_KEY =
      new SecurityScheme()
          .type(SecurityScheme.Type.HTTP)
          .scheme("bearer")
          .description("An API key, where the service has any");

  @Bean
  OpenAPI openApiHead(CodeVersion code) {
    return new OpenAPI()
        .info(
            new Info()
                .title("Onecycle")
                .version(code.version())
                .description("Trains image classifiers and serves them."))
        .servers(List.of(new Server().url("/")))
        .components(new Components().addSecuritySchemes(KEY, API_KEY))
        .addSecurityItem(new SecurityRequirement().addList(KEY))
        .addSecurityItem(new SecurityRequirement()); // where the service has no keys
  }

  /**
   * Names operations by method and path, as in {@code getRunsByIdEvents}: springdoc numbers methods
   * of the same name, and a new route would rename others' in every generated client.
   */
  @Bean
  GlobalOpenApiCustomizer operationNames() {
    return api ->
        api.getPaths()
            .forEach(
                (path, item) ->
                    item.readOperationsMap()
                        .forEach(
                            (method, operation) ->
                                operation.setOperationId(operationName(method.name(), path))));
  }

  private static String operationName(String method, String path) {
    String words = inWords(path).replace("/{", "/by-").replaceAll("[^A-Za-z]+", " ");
    return Stream.of(words.strip().split(" "))
        .map(StringUtils::capitalize)
        .collect(Collectors.joining("", method.toLowerCase(Locale.ROOT), ""));
  }

  /** Sorts operations by the API's nouns, as in {@code runs}, and not by our controllers. */
  @Bean
  GlobalOpenApiCustomizer operationTags() {
    return api ->
        api.getPaths()
            .forEach(
                (path, item) ->
                    item.readOperations()
                        .forEach(operation -> operation.setTags(List.of(noun(path)))));
  }

  private static String noun(String path) {
    return inWords(path).substring(1).replaceFirst("/.*", "");
  }

  /** The path without its version; that of the Open Inference Protocol has a noun instead. */
  private static String inWords(String path) {
    return path.replaceFirst("^/api/v\\d+", "").replaceFirst("^/v2", "/inference");
  }

  /** Files and pictures are bytes, whatever the routes' own types are. */
  @Bean
  GlobalOpenApiCustomizer files() {
    return api ->
        api.getPaths().values().stream()
            .flatMap(path -> path.readOperations().stream())
            .flatMap(operation -> operation.getResponses().values().stream())
            .filter(response -> response.getContent() != null)
            .forEach(response -> response.getContent().forEach(OpenApi::file));
  }

  private static void file(String type, MediaType content) {
    if (type.startsWith("image/") || type.equals("application/octet-stream")) {
      Schema<?> bytes = new JsonSchema();
      bytes.setTypes(Set.of("string"));
      bytes.setFormat("binary");
      content.setSchema(bytes);
    }
  }

  @Bean
  GlobalOpenApiCustomizer problemResponses() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(Problem.class)
          .forEach(api.getComponents()::addSchemas);
      RouteStatuses.describeFailures(api);
    };
  }
}
