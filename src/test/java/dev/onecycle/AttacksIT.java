package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.RawHttp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Attacks on the service as a whole. Those on one room stand with it: archives in ArchiveFilesTest,
 * downloads in DownloadTest, weights in SafetensorsReaderTest, pictures in PictureDecoderTest and
 * PredictionsIT, foreign sites in ServerIT, keys and paths in KeysIT, streams in RunEventsIT.
 */
@ExtendWith(OutputCaptureExtension.class)
class AttacksIT extends OpenServer {

  private static final String RUNS = "/api/v1/runs";
  private static final String ESCAPE = "\u001b[31m";

  @Autowired private LoggingSystem logging;

  private RawHttp.Answer raw(String line, String headers) throws Exception {
    return RawHttp.send(http().uri("/").getPort(), "127.0.0.1", line, headers);
  }

  @Test
  void deepAndLongJsonIsRefused() {
    assertThat(http().post(RUNS, "{\"recipe\":".repeat(100_000)).status()).isEqualTo(413);
    assertThat(http().post(RUNS, "[".repeat(1_000_000)).status()).isBetween(400, 422);
    assertThat(http().post(RUNS, "{\"recipe\": \"" + "x".repeat(2_000_000) + "\"}").status())
        .isEqualTo(413);
    assertThat(http().post(RUNS, "{\"seed\": " + "9".repeat(1_000) + "}").status())
        .isBetween(400, 422);
    assertThat(http().post(RUNS, "{\"a\": 1, \"a\": 2}").status()).isBetween(400, 422);
  }

  @Test
  void countlessPartsAreRefused() {
    Multipart body = new Multipart();
    for (int i = 0; i < 500; i++) {
      body.field("name" + i, "x");
    }
    assertThat(http().post("/api/v1/datasets", Multipart.CONTENT_TYPE, body.bytes()).status())
        .isBetween(400, 422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: a\u0085b",
        "Accept: a\u0001b",
        "X-Request-Id: a\rSet-Cookie: b",
        "Accept: \u0090",
        "Content-Length: -1",
        "Content-Length: 1\r\nContent-Length: 2",
        "Transfer-Encoding: identity, chunked, odd"
      })
  void headersThatNoHonestClientSendsForgeNothing(String header) throws Exception {
    String line = "POST /api/v1/runs HTTP/1.1";
    RawHttp.Answer answer = raw(line, header + "\r\nContent-Type: application/json\r\n");
    assertThat(answer.status()).isIn(400, 411, 415, 422, 501);
    assertThat(answer.text()).doesNotContain("Set-Cookie", "Exception", "Tomcat");
  }

  @Test
  void nothingThatSomebodySentRunsInABrowser() {
    String html = "<script>alert(1)</script>";
    List<Answer> answers =
        List.of(
            http().get("/api/v1/datasets/%3Cscript%3Ealert(1)%3C/script%3E"),
            http().get(RUNS + "?state=%3Cscript%3E", "Accept", "text/html"),
            http().post(RUNS, Map.of("dataset", html, "recipe", html)),
            http().get("/api/v1/recipes/smoke", "Accept", "application/json"));
    for (Answer answer : answers) {
      assertThat(answer.header("Content-Type")).matches("application/(problem\\+)?json");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Content-Security-Policy")).contains("default-src 'self'");
    }
  }

  @Test
  void nobodyMakesMetricsWithWhatTheyInvent() throws Exception {
    for (int i = 0; i < 20; i++) {
      http().get("/api/v1/invented" + i);
      http().post("/api/v1/models/invented" + i + "/predictions", "image/png", new byte[1]);
      http().get("/api/v1/runs/invented" + i);
      raw("INVENTED" + i + " /api/v1/runs HTTP/1.1", "");
      raw("GET /api/v1/runs HTTP/1.1", "User-Agent: invented" + i + "\r\n");
    }
    Answer metrics = http().get("/actuator/prometheus");
    assertThat(metrics.text())
        .contains("http_server_requests")
        .doesNotContainIgnoringCase("invent");
  }

  @Test
  void nobodyForgesALineOfTheLog(CapturedOutput output) throws Exception {
    String hostile = "x" + ESCAPE + "\r\n2026-01-01T00:00:00.000Z  INFO forged\u2028forged\u202e";
    Logger log = LoggerFactory.getLogger(AttacksIT.class);
    log.warn("named {}", hostile);
    log.error("failed", new IllegalStateException(hostile, new IllegalArgumentException(hostile)));
    Map<String, Object> source = Map.of("type", "directory", "path", "/no/" + hostile);
    http().post("/api/v1/datasets", Map.of("name", hostile, "source", source));
    http().post(RUNS, Map.of("dataset", hostile, "recipe", hostile, "name", hostile));
    raw("GET /" + ESCAPE + " HTTP/1.1", "X-Request-Id: " + ESCAPE + "\r\n");

    assertThat(output.getOut()).contains("named x?[31m?\n  2026", "IllegalStateException: x?[31m");
    assertThat(output.getOut()).doesNotContain("\u001b", "\u2028", "\u202e");
    assertThat(output.getOut().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
  }

  @Test
  void aLineOfTheLogNamesItsRequest(CapturedOutput output) throws Exception {
    logging.setLogLevel("dev.onecycle.platform.http", LogLevel.DEBUG);
    try {
      String headers = "Origin: \u0085\r\nX-Request-Id: seen-7\r\n";
      RawHttp.Answer answer = raw("GET /api/v1/runs HTTP/1.1", headers);
      assertThat(answer.text()).contains("X-Request-Id: seen-7", "\"requestId\":\"seen-7\"");
      assertThat(output.getOut().lines())
          .anyMatch(line -> line.contains("seen-7 dev.onecycle.platform"));
    } finally {
      logging.setLogLevel("dev.onecycle.platform.http", null);
    }
    assertThat(http().get("/nothing").json().get("requestId").asString()).hasSize(36);
    assertThat(http().get("/api/v1/recipes").header("X-Request-Id")).hasSize(36);
  }
}
