package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.MediaType;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What routes throw, and what their callers read. */
class ProblemsTest {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxDocumentLength(100_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final Map<String, Exception> THROWN = new HashMap<>();

  static {
    FieldError field = new FieldError("phases[0].batchSize", "1 < minimum 2", 1, 2);
    THROWN.put("invalid", new Failure.Invalid("no", "Send 2.", List.of(field)));
    THROWN.put("nobody", new Failure.Unauthenticated("no key", "Send one."));
    THROWN.put("viewer", new Failure.Forbidden("needs a trainer", "Ask for another key."));
    THROWN.put("missing", new Failure.NotFound("no run 7"));
    THROWN.put("conflict", new Failure.Conflict("the run is RUNNING", "Cancel it first."));
    THROWN.put("large", new Failure.TooLarge("21 MB > maximum 20 MB", "Send a smaller one."));
    THROWN.put("kind", new Failure.Unsupported("a PDF", "Send a JPEG."));
    THROWN.put("busy", new Failure.Overloaded("queue full", Duration.ofSeconds(7)));
    THROWN.put("disk", new Failure.Unavailable("no room", "Free some.", null));
    THROWN.put("referred", new DataIntegrityViolationException("FK_SECRET violated"));
    THROWN.put("raced", new OptimisticLockingFailureException("row of SECRET"));
    THROWN.put("database", new DataAccessResourceFailureException("jdbc:SECRET"));
    THROWN.put("upload", new MaxUploadSizeExceededException(5));
    THROWN.put("parts", new MultipartException("SECRET boundary"));
    THROWN.put("bug", new IllegalStateException("SECRET"));
    THROWN.put("left", new IOException("Broken pipe"));
  }

  /** A body with a field of each kind. */
  record Body(@NotBlank String name, @Max(9) Integer count, List<Integer> sizes, Body inner) {}

  /** Routes that fail as they are told. */
  @RestController
  static class Routes {
    @GetMapping("/throw/{what}")
    String fail(@PathVariable String what) throws Exception {
      throw THROWN.get(what);
    }

    @GetMapping("/things/{id}")
    String thing(@PathVariable UUID id, @RequestParam(required = false) Integer limit) {
      return id + " " + limit;
    }

    @PostMapping("/things")
    String make(@Valid @RequestBody Body body) {
      return body.name();
    }
  }

  private final MockMvc server =
      MockMvcBuilders.standaloneSetup(new Routes())
          .setControllerAdvice(new Problems())
          .addFilters(new RequestIds())
          .setMessageConverters(new JacksonJsonHttpMessageConverter(MAPPER))
          .build();

  private JsonNode problem(RequestBuilder request, int status) {
    MockHttpServletResponse response = answer(request);
    assertThat(response.getStatus()).isEqualTo(status);
    assertThat(response.getContentType()).isEqualTo("application/problem+json");
    JsonNode problem = MAPPER.readTree(response.getContentAsByteArray());
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("type").asString()).startsWith("urn:onecycle:problem:");
    assertThat(problem.get("title").asString()).isNotBlank();
    assertThat(problem.get("detail").asString()).isNotBlank();
    assertThat(problem.get("instance").asString()).startsWith("/");
    assertThat(problem.toString()).doesNotContain("SECRET");
    return problem;
  }

  private MockHttpServletResponse answer(RequestBuilder request) {
    try {
      return server.perform(request).andReturn().getResponse();
    } catch (Exception e) {
      throw new AssertionError("nobody answered", e);
    }
  }

  private JsonNode post(String body, int status) {
    return problem(
        MockMvcRequestBuilders.post("/things")
            .contentType(MediaType.APPLICATION_JSON)
            .content(body),
        status);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid, 422",
    "nobody, 401",
    "viewer, 403",
    "missing, 404",
    "conflict, 409",
    "large, 413",
    "kind, 415",
    "busy, 429",
    "disk, 503",
    "referred, 409",
    "raced, 409",
    "database, 503",
    "upload, 413",
    "parts, 400",
    "bug, 500"
  })
  void eachKindHasItsStatus(String what, int status) {
    problem(MockMvcRequestBuilders.get("/throw/" + what), status);
  }

  @Test
  void aWrongFieldIsNamedWithValueLimitAndFix() {
    JsonNode problem = problem(MockMvcRequestBuilders.get("/throw/invalid"), 422);
    assertThat(problem.get("fix").asString()).isEqualTo("Send 2.");
    assertThat(problem.at("/errors/0/field").asString()).isEqualTo("phases[0].batchSize");
    assertThat(problem.at("/errors/0/value").asInt()).isEqualTo(1);
    assertThat(problem.at("/errors/0/limit").asInt()).isEqualTo(2);
  }

  @Test
  void tooMuchSaysWhenToComeBack() {
    MockHttpServletResponse busy = answer(MockMvcRequestBuilders.get("/throw/busy"));
    assertThat(busy.getHeader("Retry-After")).isEqualTo("7");
  }

  @Test
  void aBugShowsTheRequestsIdAndNothingElse() {
    JsonNode problem = problem(MockMvcRequestBuilders.get("/throw/bug"), 500);
    assertThat(problem.get("requestId").asString()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-.{12}");
    assertThat(problem.get("fix").asString()).contains("request id");
  }

  @Test
  void aHarmlessRequestIdIsTakenOver() {
    assertThat(answerTo("curl-7.2_a").getHeader("X-Request-Id")).isEqualTo("curl-7.2_a");
    for (String id : List.of("", "a b", "a\u001b[31m", "<b>", "x".repeat(65))) {
      assertThat(answerTo(id).getHeader("X-Request-Id")).isNotEqualTo(id).hasSize(36);
    }
  }

  private MockHttpServletResponse answerTo(String requestId) {
    return answer(MockMvcRequestBuilders.get("/throw/bug").header("X-Request-Id", requestId));
  }

  @Test
  void aCallerWhoLeftGetsNothing() {
    assertThat(answer(MockMvcRequestBuilders.get("/throw/left")).getContentAsByteArray()).isEmpty();
  }

  @Test
  void anIdThatIsNoneNamesNothing() {
    problem(MockMvcRequestBuilders.get("/things/7"), 404);
  }

  @Test
  void aParameterOfAnotherTypeIsAWrongField() {
    String path = "/things/00000000-0000-7000-8000-000000000000?limit=many";
    JsonNode problem = problem(MockMvcRequestBuilders.get(path), 422);
    assertThat(problem.at("/errors/0/field").asString()).isEqualTo("limit");
    assertThat(problem.at("/errors/0/value").asString()).isEqualTo("many");
  }

  @Test
  void wrongMethodsAndKindsOfBodySayWhatIsAllowed() {
    MockHttpServletResponse method = answer(MockMvcRequestBuilders.delete("/things"));
    assertThat(method.getStatus()).isEqualTo(405);
    assertThat(method.getHeader("Allow")).isEqualTo("POST");
    problem(
        MockMvcRequestBuilders.post("/things").contentType(MediaType.TEXT_PLAIN).content("x"), 415);
  }

  @Test
  void constraintsOfTheBodyNameTheirFields() {
    JsonNode problem = post("{\"name\": \" \", \"count\": 10}", 422);
    assertThat(problem.get("errors").size()).isEqualTo(2);
  }

  @Test
  void anUnknownFieldMeetsTheNearest() {
    JsonNode problem = post("{\"name\": \"a\", \"count\": 1, \"inner\": {\"siezs\": []}}", 422);
    assertThat(problem.at("/errors/0/field").asString()).isEqualTo("inner.siezs");
    assertThat(problem.at("/errors/0/message").asString()).contains("'sizes'");
  }

  @Test
  void aFieldOfAnotherTypeIsNamedWithItsPlace() {
    JsonNode list = post("{\"name\": \"a\", \"count\": 1, \"sizes\": [1, \"x\"]}", 422);
    assertThat(list.at("/errors/0/field").asString()).isEqualTo("sizes[1]");
    assertThat(list.at("/errors/0/message").asString()).isEqualTo("must be a whole number");
    assertThat(post("[]", 422).at("/errors/0/field").asString()).isEqualTo("body");
  }

  @Test
  void whatIsNotJsonIsToldWhereItEnds() {
    assertThat(post("{\"name\": ", 400).get("detail").asString()).contains("line 1");
    post("", 400);
  }

  @Test
  void deepAndLongDocumentsAreTooLarge() {
    post("{\"inner\":".repeat(65), 413);
    post("{\"name\": \"" + "x".repeat(200_000) + "\"}", 413);
  }
}
