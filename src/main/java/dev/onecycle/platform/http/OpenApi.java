package dev.onecycle.platform.http;

import dev.onecycle.platform.CodeVersion;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The OpenAPI document's head, and the problem document that every route may answer. */
@Configuration(proxyBeanMethods = false)
class OpenApi {

  @Bean
  OpenAPI openApiHead(CodeVersion code) {
    return new OpenAPI()
        .info(
            new Info()
                .title("Onecycle")
                .version(code.version())
                .description("Trains image classifiers and serves them."))
        .servers(List.of(new Server().url("/")));
  }

  @Bean
  GlobalOpenApiCustomizer problemResponses() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(Problem.class)
          .forEach(api.getComponents()::addSchemas);
      Schema<?> problem = new Schema<>().$ref("#/components/schemas/Problem");
      ApiResponse response =
          new ApiResponse()
              .description("What went wrong, as a problem document (RFC 9457)")
              .content(
                  new Content()
                      .addMediaType("application/problem+json", new MediaType().schema(problem)));
      api.getPaths().values().stream()
          .flatMap(path -> path.readOperations().stream())
          .forEach(operation -> operation.getResponses().addApiResponse("default", response));
    };
  }
}
