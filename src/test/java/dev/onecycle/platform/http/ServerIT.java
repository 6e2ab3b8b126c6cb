package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the server does before and beside its routes. */
class ServerIT extends OpenServer {

  private static final String ROUTE = "/api/v1/recipes";

  private static void refused(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.json().get("status").asInt()).isEqualTo(status);
    assertThat(answer.text()).doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.0.1",
        "0.0.0.0",
        "[::2]"
      })
  void aForeignHostIsRefused(String host) {
    refused(http().get(ROUTE, "Host", host), 403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:9", "127.1.2.3", "[::1]:80"})
  void everyNameOfThisMachineIsWelcome(String host) {
    assertThat(http().get(ROUTE, "Host", host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example",
    "Origin, null",
    "Origin, http://localhost:1",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site"
  })
  void aPageOfAnotherSiteIsRefused(String header, String value) {
    refused(http().get(ROUTE, "Host", "localhost:8080", header, value), 403);
    refused(http().post(ROUTE, "{}", "Host", "localhost:8080", header, value), 403);
    refused(http().get("/actuator/health", "Host", "localhost:8080", header, value), 403);
  }

  @Test
  void aPageOfItsOwnIsWelcome() {
    Answer answer =
        http()
            .get(
                ROUTE,
                "Host",
                "localhost:8080",
                "Origin",
                "http://localhost:8080",
                "Sec-Fetch-Site",
                "same-origin");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aRequestWithoutHostIsRefused() throws IOException {
    assertThat(raw("GET " + ROUTE + " HTTP/1.0\r\n\r\n")).contains(" 403 ");
    assertThat(raw("GET " + ROUTE + " HTTP/1.1\r\n\r\n")).contains(" 400 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/api/v1/nothing", "/api/v1/recipes/smoke/x", "/error"})
  void aPathWithoutARouteIsNotFound(String path) {
    refused(http().get(path), 404);
  }

  @Test
  void theBareAddressLeadsToThePage() {
    Answer answer = http().get("/");
    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).endsWith("/ui/");
    assertThat(http().get("/ui/").text()).contains("<main id=\"main\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/",
        "/ui/app.js",
        "/ui/pages/run.js",
        "/ui/ui.css",
        "/ui/icon.svg",
        "/webjars/uplot/dist/uPlot.iife.min.js"
      })
  void thePagesFilesAreToldApartByWhatIsInThem(String path) {
    Answer answer = http().get(path);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Last-Modified")).isEmpty();
    assertThat(http().get(path, "If-None-Match", answer.header("ETag")).status()).isEqualTo(304);
  }

  @Test
  void thePageMakesNoMarkupFromTextAndAsksNobodyElse() {
    assertThat(http().get("/ui/").header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(http().get("/docs").header("Content-Security-Policy"))
        .contains("default-src 'self'");
  }

  /** A link in a chat, or on a page of another port, opens the page and nothing else. */
  @Test
  void aLinkFromElsewhereOpensThePage() {
    String[] link = {
      "Host",
      "localhost:8080",
      "Sec-Fetch-Site",
      "cross-site",
      "Sec-Fetch-Mode",
      "navigate",
      "Sec-Fetch-Dest",
      "document"
    };
    assertThat(http().get("/ui/", link).status()).isEqualTo(200);
    assertThat(http().get("/", link).status()).isEqualTo(302);
    refused(http().get(ROUTE, link), 403);
    refused(http().post("/ui/", "{}", link), 403);
    link[link.length - 1] = "iframe";
    refused(http().get("/ui/", link), 403);
  }

  @Test
  void everybodyIsAnAdminWhereThereAreNoKeys() {
    JsonNode me = http().get("/api/v1/me").json();
    assertThat(me.get("keyless").asBoolean()).isTrue();
    assertThat(me.get("role").asString()).isEqualTo("admin");
    assertThat(me.has("name")).isFalse();
  }

  @Test
  void aMethodWithoutARouteIsNotAllowed() {
    Answer answer = http().post(ROUTE, "{}");
    refused(answer, 405);
    assertThat(answer.header("Allow")).contains("GET");
  }

  @Test
  void headersHaveALimit() {
    assertThat(http().get(ROUTE, "X-Long", "x".repeat(20_000)).status()).isEqualTo(400);
  }

  @Test
  void whatTheServerItselfRefusesShowsNothingOfIt() throws IOException {
    String answer =
        raw("GET /%2e%2e%2f\\ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assertThat(answer).contains(" 400 ").doesNotContain("Tomcat").doesNotContain("Exception");
  }

  @Test
  void describesItselfAndItsProblems() {
    JsonNode api = http().get("/v3/api-docs").json();
    assertThat(api.at("/info/title").asString()).isEqualTo("Onecycle");
    JsonNode problem = api.at("/components/schemas/Problem/properties");
    assertThat(problem.has("detail")).isTrue();
    assertThat(problem.has("errors")).isTrue();
    String failing = "/paths/~1api~1v1~1recipes/get/responses/default/content";
    assertThat(api.at(failing).has("application/problem+json")).isTrue();
    assertThat(api.at(failing.replace("default", "200")).isEmpty()).isFalse();
    assertThat(http().get("/docs").status()).isEqualTo(302);
    assertThat(http().get("/swagger-ui/index.html").text()).contains("swagger");
  }

  @Test
  void keepsItsTemporaryFilesAtHome() {
    assertThat(HOME.resolve("tmp/uploads")).isDirectory();
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http().uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
