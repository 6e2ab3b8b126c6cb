package dev.onecycle.platform.http;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Set;
import java.util.TreeSet;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.method.HandlerMethod;

/**
 * Describes every status of a route: those of all routes, those that its parameters bring, and
 * those that its {@link Answers} name. What fails inside, 500 and 503, is everybody's {@code
 * default}.
 */
@Component
class RouteStatuses implements OperationCustomizer {

  /**
   * A malformed head, no key, a key of another role or a foreign site, a kind of answer that the
   * route does not give, too many wrong keys.
   */
  private static final Set<Integer> EVERY_ROUTES = Set.of(400, 401, 403, 406, 429);

  private static final Set<Integer> FAILURES =
      Set.of(304, 400, 401, 403, 404, 406, 408, 409, 411, 412, 413, 415, 416, 422, 429);

  @Override
  public Operation customize(Operation operation, HandlerMethod route) {
    Set<Integer> statuses = new TreeSet<>(EVERY_ROUTES);
    for (MethodParameter parameter : route.getMethodParameters()) {
      statuses.addAll(of(parameter));
    }
    if (!route.hasMethodAnnotation(GetMapping.class)
        && !route.hasMethodAnnotation(DeleteMapping.class)) {
      statuses.add(415); // an encoded body, or a form
    }
    if (route.hasMethodAnnotation(PutMapping.class)) {
      statuses.remove(404); // it makes what is not there
    }
    Answers answers = route.getMethodAnnotation(Answers.class);
    if (answers != null) {
      for (int status : answers.value()) {
        statuses.add(status);
      }
    }
    ApiResponses described = operation.getResponses();
    succeed(described, statuses);
    statuses.stream()
        .filter(status -> status >= 300)
        .forEach(status -> described.addApiResponse(status.toString(), reference(status)));
    return operation;
  }

  private static Set<Integer> of(MethodParameter parameter) {
    if (parameter.hasParameterAnnotation(PathVariable.class)) {
      return Set.of(404);
    }
    if (parameter.hasParameterAnnotation(RequestBody.class)
        || parameter.hasParameterAnnotation(RequestPart.class)) {
      return Set.of(413, 415, 422);
    }
    if (parameter.hasParameterAnnotation(RequestParam.class)) {
      return Set.of(422);
    }
    RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
    boolean once = header != null && header.name().equals("Idempotency-Key");
    return once ? Set.of(409, 422) : Set.of();
  }

  /** A route that names how it succeeds does not succeed with the 200 that is described anyway. */
  private static void succeed(ApiResponses described, Set<Integer> statuses) {
    Set<Integer> successes = new TreeSet<>(statuses);
    successes.removeIf(status -> status >= 300);
    ApiResponse ok = described.get("200");
    if (successes.isEmpty() || ok == null) {
      return;
    }
    if (!successes.contains(200)) {
      described.remove("200");
    }
    for (Integer status : successes) {
      ApiResponse success = new ApiResponse().content(ok.getContent());
      described.addApiResponse(status.toString(), success.description(words(status)));
    }
  }

  private static ApiResponse reference(int status) {
    return new ApiResponse().$ref("#/components/responses/" + name(status));
  }

  /** What the references of all routes refer to. */
  static void describeFailures(OpenAPI api) {
    for (int status : FAILURES) {
      ApiResponse failure = new ApiResponse().description(words(status));
      api.getComponents()
          .addResponses(name(status), status < 400 ? failure : failure.content(problem()));
    }
    ApiResponse inside =
        new ApiResponse()
            .description("Something inside the service failed (500), or is not there now (503)")
            .content(problem());
    api.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .forEach(operation -> operation.getResponses().addApiResponse("default", inside));
  }

  private static String name(int status) {
    return words(status).replace(" ", "");
  }

  private static String words(int status) {
    return HttpStatus.valueOf(status).getReasonPhrase();
  }

  private static Content problem() {
    Schema<?> problem = new Schema<>().$ref("#/components/schemas/Problem");
    return new Content().addMediaType("application/problem+json", new MediaType().schema(problem));
  }
}
