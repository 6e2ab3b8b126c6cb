package dev.onecycle.platform.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.KeyedServer;
import dev.onecycle.testing.RawHttp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** A server with keys: who may do what, by every route there is. */
@ExtendWith(OutputCaptureExtension.class)
class KeysIT extends KeyedServer {

  private static final String BEARER = "Bearer realm=\"onecycle\"";
  private static final Set<String> OPEN =
      Set.of("/actuator/health/liveness", "/actuator/health/readiness");

  @Autowired private List<RequestMappingInfoHandlerMapping> mappings;
  @Autowired private LoggingSystem logging;

  /** A request that some route answers, with nothing behind its path's variables. */
  record Route(String method, String path) implements Comparable<Route> {

    @Override
    public int compareTo(Route other) {
      return (path + method).compareTo(other.path + other.method);
    }

    MockHttpServletRequest request() {
      MockHttpServletRequest request = new MockHttpServletRequest(method, path);
      ServletRequestPathUtils.parseAndCache(request);
      return request;
    }
  }

  private Set<Route> routes() {
    Set<Route> routes = new TreeSet<>();
    for (RequestMappingInfoHandlerMapping mapping : mappings) {
      mapping.getHandlerMethods().keySet().forEach(info -> addRoutes(info, routes));
    }
    Stream.of("/docs", "/swagger-ui/index.html", "/v3/api-docs", "/nothing", "/api/v1/nothing")
        .forEach(path -> routes.add(new Route("GET", path)));
    OPEN.forEach(path -> routes.add(new Route("GET", path)));
    return routes;
  }

  private static void addRoutes(RequestMappingInfo info, Set<Route> routes) {
    Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
    for (String pattern : info.getPatternValues()) {
      String path =
          pattern
              .replace("/**", "/x")
              .replaceAll("\\{[^}]*}", "00000000-0000-7000-8000-000000000000");
      (methods.isEmpty() ? Set.of(RequestMethod.GET) : methods)
          .forEach(method -> routes.add(new Route(method.name(), path)));
    }
  }

  private Answer send(String key, Route route) {
    return (key == null ? http() : http().as(key)).json(route.method, route.path, "");
  }

  @Test
  void withoutAKeyEveryRouteButTheProbesIsClosed() {
    Set<Route> routes = routes();
    assertThat(routes).hasSizeGreaterThan(50);
    for (Route route : routes) {
      Answer answer = send(null, route);
      if (OPEN.contains(route.path)) {
        assertThat(answer.status()).as("%s", route).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"UP\"}");
      } else {
        assertThat(answer.status()).as("%s", route).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate")).contains(BEARER);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("fix").asString()).contains("Authorization: Bearer");
      }
    }
  }

  /** It holds no data; what it asks for takes the key that is typed into it. */
  @Test
  void thePageOpensWithoutAKeyAndSaysWhoseKeyItHas() {
    assertThat(http().get("/").status()).isEqualTo(302);
    assertThat(http().get("/ui/").status()).isEqualTo(200);
    assertThat(http().get("/ui/app.js").status()).isEqualTo(200);
    assertThat(http().get("/webjars/uplot/dist/uPlot.min.css").status()).isEqualTo(200);
    assertThat(http().get("/webjars/swagger-ui/index.css").status()).isEqualTo(401);
    assertThat(http().get("/api/v1/me").status()).isEqualTo(401);
    var me = http().as(TRAINER).get("/api/v1/me").json();
    assertThat(me.get("name").asString()).isEqualTo("the-trainer");
    assertThat(me.get("role").asString()).isEqualTo("trainer");
    assertThat(me.get("keyless").asBoolean()).isFalse();
  }

  /** A new route must be thought of: one that the table does not list is an admin's. */
  @Test
  void theTableListsEveryRoute() {
    assertThat(routes()).allMatch(route -> Permissions.lists(route.request()));
    assertThat(Permissions.lists(new Route("POST", "/nothing").request())).isFalse();
    assertThat(Permissions.least(new Route("POST", "/nothing").request())).isEqualTo(KeyRole.ADMIN);
    assertThat(Permissions.least(new Route("PUT", "/actuator/info").request()))
        .isEqualTo(KeyRole.ADMIN);
  }

  @Test
  void eachRoleMayDoWhatTheTableSays() {
    for (Route route : routes()) {
      KeyRole least = Permissions.least(route.request());
      for (KeyRole role : KeyRole.values()) {
        boolean mayDo = least == null || least.compareTo(role) <= 0;
        Answer answer = send(key(role), route);
        assertThat(answer.status() != 403).as("%s %s", role, route).isEqualTo(mayDo);
        assertThat(answer.status()).as("%s %s", role, route).isNotIn(401, 500);
        if (!mayDo) {
          assertThat(answer.json().get("detail").asString()).contains(least.word());
        }
      }
    }
  }

  private static String key(KeyRole role) {
    return switch (role) {
      case VIEWER -> VIEWER;
      case TRAINER -> TRAINER;
      case ADMIN -> ADMIN;
    };
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/runs, VIEWER",
    "GET, /actuator/prometheus, VIEWER",
    "GET, /actuator/env, ADMIN",
    "POST, /api/v1/models/cats/predictions, VIEWER",
    "GET, /v2/models/cats, VIEWER",
    "POST, /v2/models/cats/infer, VIEWER",
    "POST, /api/v1/models/cats/batch-predictions, TRAINER",
    "POST, /api/v1/models/cats/evaluations, TRAINER",
    "POST, /api/v1/models/cats/rollback, TRAINER",
    "PUT, /api/v1/models/cats, TRAINER",
    "POST, /api/v1/runs, TRAINER",
    "DELETE, /api/v1/datasets/x, TRAINER",
    "POST, /api/v1/workers/x/drain, ADMIN",
    "DELETE, /api/v1/storage/orphans, ADMIN"
  })
  void aViewerCannotTrainAndATrainerCannotAdminister(String method, String path, KeyRole least) {
    assertThat(Permissions.least(new Route(method, path).request())).isEqualTo(least);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/runs/",
        "/api/v1/runs;",
        "/api/v1;x=1/runs",
        "//api/v1/runs",
        "/api/v1//runs",
        "/api%2fv1/runs",
        "/api%2Fv1/runs",
        "/api%252fv1/runs",
        "/api/v1/%72uns",
        "/API/v1/runs",
        "/api/v1/runs.json",
        "/api/v1/./runs",
        "/docs/../api/v1/runs",
        "/actuator/health/liveness/../../../api/v1/runs",
        "/actuator/health/liveness/..%2f..%2fprometheus",
        "/actuator/health/liveness/",
        "/actuator/health/liveness;/../../prometheus",
        "/actuator/health/liveness/%2e%2e/%2e%2e/prometheus",
        "/actuator/health/LIVENESS",
        "/error",
        "/api/v1/runs%00",
        "/api/v1/runs%0d%0aX: y",
        "/api\\v1\\runs",
        "http://localhost/api/v1/runs"
      })
  void noOtherWayToWriteAPathLeadsRoundTheKey(String path) throws Exception {
    for (String method : List.of("GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE", "get", "X")) {
      RawHttp.Answer answer = raw("127.0.0.1", method + " " + path + " HTTP/1.1", "");
      assertThat(answer.status()).as(method).isIn(400, 401, 405, 501);
      assertThat(answer.text()).doesNotContain("items", "onecycle_", "Tomcat", "Exception");
    }
  }

  @Test
  void aMethodIsNotChangedByAHeaderOrAParameter() throws Exception {
    String viewer = "Authorization: Bearer " + VIEWER + "\r\nX-HTTP-Method-Override: DELETE\r\n";
    String path = "/api/v1/runs/00000000-0000-7000-8000-000000000000?_method=DELETE";
    assertThat(raw("127.0.0.1", "GET " + path + " HTTP/1.1", viewer).status()).isEqualTo(404);
    String form = viewer + "Content-Type: application/x-www-form-urlencoded\r\n";
    assertThat(raw("127.0.0.1", "POST " + path + " HTTP/1.1", form).status()).isEqualTo(403);
  }

  /** From an address of its own, so that nobody else is held up. */
  @Test
  void guessesAreLimitedAndTheRightKeyStillOpens() throws Exception {
    String guesser = "127.0.0.9";
    String line = "GET /api/v1/recipes HTTP/1.1";
    for (int i = 0; i < Guesses.ALLOWED; i++) {
      String wrong = "Authorization: Bearer onecycle_" + i + "\r\n";
      assertThat(raw(guesser, line, wrong).status()).isEqualTo(401);
    }
    RawHttp.Answer limited = raw(guesser, line, "Authorization: bearer " + VIEWER + "x\r\n");
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.text()).containsIgnoringCase("Retry-After: ");
    String right = "Authorization: bearer " + VIEWER + "\r\n";
    assertThat(raw(guesser, line, right).status()).isEqualTo(200);
    for (Route route : routes()) {
      String other = route.method + " " + route.path + " HTTP/1.1";
      RawHttp.Answer answer = raw(guesser, other, "Authorization: Bearer x\r\n");
      assertThat(answer.status()).as("%s", route).isEqualTo(429);
    }
    assertThat(raw("127.0.0.10", line, "Authorization: Bearer x\r\n").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Basic %s", "Token " + VIEWER, VIEWER, "Bearer", "Digest username=\"viewer\""})
  void onlyABearerOpensTheApi(String header) throws Exception {
    String basic = basic(VIEWER);
    String line = "Authorization: " + header.formatted(basic) + "\r\n";
    RawHttp.Answer answer = raw("127.0.0.11", "GET /api/v1/recipes HTTP/1.1", line);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text()).doesNotContain("Basic realm");
  }

  @Test
  void aBrowserOpensTheDocumentationWithTheKeyAsPassword() {
    String basic = basic(VIEWER);
    for (String path :
        List.of("/docs", "/swagger-ui/index.html", "/v3/api-docs", "/v3/api-docs/swagger-config")) {
      Answer closed = http().get(path);
      assertThat(closed.status()).as(path).isEqualTo(401);
      assertThat(closed.headers().allValues("WWW-Authenticate"))
          .anyMatch(challenge -> challenge.startsWith("Basic "));
      assertThat(http().get(path, "Authorization", "Basic " + basic).status())
          .as(path)
          .isIn(200, 302);
      assertThat(http().post(path, "{}", "Authorization", "Basic " + basic).status())
          .isEqualTo(401);
    }
  }

  @Test
  void theActuatorTakesNoOrders() {
    for (String path : List.of("loggers", "shutdown", "env", "health", "info", "refresh")) {
      for (String key : List.of(VIEWER, TRAINER)) {
        assertThat(http().as(key).post("/actuator/" + path, "{}").status()).isEqualTo(403);
      }
      assertThat(http().as(ADMIN).post("/actuator/" + path, "{}").status()).isIn(404, 405);
    }
  }

  @Test
  void noKeyIsEverLogged(CapturedOutput output) throws Exception {
    Map<String, LogLevel> levels =
        Map.of("dev.onecycle", LogLevel.TRACE, "org.springframework", LogLevel.TRACE);
    levels.forEach(logging::setLogLevel);
    try {
      String basic = basic(VIEWER);
      http().as(VIEWER).get("/api/v1/runs");
      http().as(TRAINER).post("/api/v1/runs", "{}");
      http().get("/docs", "Authorization", "Basic " + basic);
      http().get("/api/v1/runs", "Authorization", "Basic " + basic);
      raw("127.0.0.12", "GET /nothing HTTP/1.1", "Authorization: Bearer " + VIEWER + "-typo\r\n");
      assertThat(output.getOut()).contains("TRACE", "/api/v1/runs");
      assertThat(output.getAll()).doesNotContain(VIEWER, TRAINER, ADMIN, basic);
    } finally {
      levels.keySet().forEach(name -> logging.setLogLevel(name, null));
    }
  }

  private static String basic(String key) {
    return Base64.getEncoder().encodeToString(("x:" + key).getBytes(StandardCharsets.UTF_8));
  }

  private RawHttp.Answer raw(String from, String line, String headers) throws Exception {
    return RawHttp.send(http().uri("/").getPort(), from, line, headers);
  }
}
