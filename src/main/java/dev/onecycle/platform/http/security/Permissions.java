package dev.onecycle.platform.http.security;

import static dev.onecycle.platform.http.security.KeyRole.ADMIN;
import static dev.onecycle.platform.http.security.KeyRole.TRAINER;
import static dev.onecycle.platform.http.security.KeyRole.VIEWER;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * What each request takes. The first line of the table that fits decides; what fits none takes an
 * admin, so that a route that was forgotten here is nobody else's.
 */
final class Permissions {

  private static final Set<String> READ = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> POST = Set.of("POST");
  private static final Set<String> WRITE = Set.of("POST", "PUT", "PATCH", "DELETE");

  /**
   * A line of the table.
   *
   * @param least the least role that may do it; null for everybody, with a key or without
   */
  record Line(Set<String> methods, @Nullable KeyRole least, List<RequestMatcher> paths) {

    boolean fits(HttpServletRequest request) {
      return methods.contains(request.getMethod())
          && paths.stream().anyMatch(path -> path.matches(request));
    }
  }

  private static final List<Line> TABLE =
      List.of(
          line(READ, null, "/actuator/health/liveness", "/actuator/health/readiness"),
          line(READ, null, "/", "/ui/**", "/webjars/uplot/**"),
          line(READ, VIEWER, "/actuator", "/actuator/health", "/actuator/info"),
          line(READ, VIEWER, "/actuator/prometheus"),
          line(READ, ADMIN, "/actuator/**"),
          line(READ, VIEWER, "/**"),
          line(POST, VIEWER, "/api/v1/models/*/predictions", "/api/v1/checkpoints/*/predictions"),
          line(POST, VIEWER, "/v2/models/*/infer"),
          line(WRITE, TRAINER, "/api/v1/datasets/**", "/api/v1/runs/**", "/api/v1/lr-finds/**"),
          line(
              WRITE, TRAINER, "/api/v1/checkpoints/**", "/api/v1/models/**", "/api/v1/searches/**"),
          line(WRITE, ADMIN, "/api/v1/workers/**", "/api/v1/storage/**"));

  private static final Line NOT_LISTED = new Line(Set.of(), ADMIN, List.of());

  private Permissions() {}

  private static Line line(Set<String> methods, @Nullable KeyRole least, String... paths) {
    return new Line(
        methods,
        least,
        Stream.of(paths).<RequestMatcher>map(PathPatternRequestMatcher::pathPattern).toList());
  }

  /** The least role that may do this; null for everybody. */
  static @Nullable KeyRole least(HttpServletRequest request) {
    return line(request).orElse(NOT_LISTED).least;
  }

  /** Whether a line of the table fits. */
  static boolean lists(HttpServletRequest request) {
    return line(request).isPresent();
  }

  private static Optional<Line> line(HttpServletRequest request) {
    return TABLE.stream().filter(line -> line.fits(request)).findFirst();
  }
}
