package dev.onecycle.testing;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands before every server that a test starts, and notes what its routes answer beside what
 * docs/openapi.json says that they may. Where the property {@value #NOTES} names a file, it is
 * noted there too: tests run in several processes, and {@code ContractIT} asks what all of them
 * met.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class Contract extends OncePerRequestFilter {

  /** Where it lies; for a process that starts elsewhere, the property that says where. */
  public static final String DOCUMENT = "docs/openapi.json";

  private static final String NOTES = "onecycle.answers";

  /** A route's method, path and status, such as {@code GET /api/v1/runs/{id} 404}. */
  private static final Set<String> PRODUCED = new ConcurrentSkipListSet<>();

  private static final Set<String> DESCRIBED = new TreeSet<>();
  private static final Map<PathPattern, String> PATHS =
      new TreeMap<>(PathPattern.SPECIFICITY_COMPARATOR.thenComparing(Comparator.naturalOrder()));

  static {
    read().get("paths").properties().forEach(path -> describe(path.getKey(), path.getValue()));
  }

  private static JsonNode read() {
    try {
      Path document = Path.of(System.getProperty(DOCUMENT, DOCUMENT));
      return new JsonMapper().readTree(Files.readAllBytes(document));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void describe(String path, JsonNode operations) {
    PATHS.put(PathPatternParser.defaultInstance.parse(path), path);
    operations
        .properties()
        .forEach(
            operation ->
                operation
                    .getValue()
                    .get("responses")
                    .propertyNames()
                    .forEach(
                        status ->
                            DESCRIBED.add(
                                name(operation.getKey().toUpperCase(Locale.ROOT), path, status))));
  }

  private static String name(String method, String path, Object status) {
    return method + " " + path + " " + status;
  }

  /** Answers since the last call that are not described. */
  public static Set<String> surprises() {
    Set<String> surprises = new TreeSet<>(PRODUCED);
    surprises.removeAll(DESCRIBED);
    PRODUCED.removeAll(surprises);
    return surprises;
  }

  /**
   * Descriptions of answers that no test of any process has met. 406 is Spring's own, the same for
   * all, and comes last: it would take something at each path that could be shown otherwise.
   */
  public static Set<String> promises() throws IOException {
    Set<String> promises = new TreeSet<>(DESCRIBED);
    Files.readAllLines(notes().orElseThrow()).forEach(promises::remove);
    promises.removeIf(promise -> promise.endsWith(" default") || promise.endsWith(" 406"));
    return promises;
  }

  private static Optional<Path> notes() {
    return Optional.ofNullable(System.getProperty(NOTES)).map(Path::of);
  }

  /** Lines so short are appended whole, whatever other processes append. */
  private static void note(String answer) {
    if (PRODUCED.add(answer)) {
      notes().ifPresent(file -> append(file, answer + "\n"));
    }
  }

  private static void append(Path file, String line) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    PathContainer path = PathContainer.parsePath(request.getRequestURI());
    PATHS.entrySet().stream()
        .filter(known -> known.getKey().matches(path))
        .map(known -> name(method, known.getValue(), ""))
        .findFirst()
        .filter(route -> DESCRIBED.contains(route + "default"))
        .filter(route -> response.getStatus() < 499) // at 499 nobody was there to be told
        .ifPresent(route -> note(route + response.getStatus()));
  }
}
