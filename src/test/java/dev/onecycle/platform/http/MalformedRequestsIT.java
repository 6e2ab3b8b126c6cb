package dev.onecycle.platform.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every request passes: whoever refuses it, the answer is a problem document that helps. */
@ExtendWith(OutputCaptureExtension.class)
class MalformedRequestsIT extends OpenServer {

  private static final String RUNS = "/api/v1/runs";
  private static final String NOBODY = "00000000-0000-7000-8000-000000000000";
  private static final String CLOSE = "Host: localhost\r\nConnection: close\r\n";

  @AfterEach
  void noMistakeOfACallerIsLogged(CapturedOutput output) {
    assertThat(output.getOut()).doesNotContain(" ERROR ", "\tat ");
  }

  private JsonNode refused(String request, int status) throws IOException {
    int port = http().uri("/").getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ").doesNotContain("<html", "Tomcat");
      assertThat(answer).containsIgnoringCase("\r\nContent-Type: application/problem+json");
      String body = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
      JsonNode problem = new JsonMapper().readTree(body);
      assertThat(problem.get("status").asInt()).isEqualTo(status);
      assertThat(problem.get("detail").asString()).isNotBlank();
      return problem;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/runs/{id} HTTP/1.1",
        "GET /api/v1/runs/%zz HTTP/1.1",
        "GET /api/v1/runs/%00 HTTP/1.1",
        "GET /api/v1/runs/%2f HTTP/1.1",
        "GET /api/v1/runs;a=b HTTP/1.1",
        "OPTIONS /api/v1/runs;a=%% HTTP/1.1",
        "GET /ui/;%FF HTTP/1.1",
        "GET /api/v1/runs?tag=a|{} HTTP/1.1",
        "GET /api/v1/runs?=x HTTP/1.1",
        "GET /api/v1/runs?% HTTP/1.1",
        "GET /api/v1/runs?%FF HTTP/1.1",
        "GET /api/v1/runs?tag=%FF HTTP/1.1",
        "GET /api/v1/runs HTTP/3.0",
        "GET http://[/api HTTP/1.1",
        "CONNECT /api/v1/runs HTTP/1.1",
        "\u0016\u0003\u0001\u0000"
      })
  void lines(String line) throws IOException {
    refused(line + "\r\n" + CLOSE + "\r\n", 400);
  }

  @ParameterizedTest
  @CsvSource({
    "A b: c, 400",
    "Content-Length: abc, 400",
    "Transfer-Encoding: gzip, 400",
    "Expect: miracles, 417",
    "Content-Type: */*, 415",
    "Content-Type: application/*, 415",
    "Content-Type: nonsense, 415",
    "Content-Type: application/x-www-form-urlencoded, 415",
    "Content-Type: multipart/form-data, 400",
    "Content-Encoding: gzip, 415",
  })
  void headers(String header, int status) throws IOException {
    String length = header.startsWith("Content-Length") ? "" : "Content-Length: 2\r\n";
    refused("POST " + RUNS + " HTTP/1.1\r\n" + CLOSE + header + "\r\n" + length + "\r\n{}", status);
  }

  @Test
  void aPictureInAFormWithoutABoundaryIsRefused() throws IOException {
    String head = "POST /api/v1/checkpoints/" + NOBODY + "/predictions HTTP/1.1\r\n" + CLOSE;
    refused(head + "Content-Type: multipart/form-data\r\nContent-Length: 2\r\n\r\nxx", 400);
    String parts = "Content-Type: multipart/form-data; boundary=x\r\n";
    refused(head + parts + "Transfer-Encoding: chunked\r\n\r\n5\r\n--x--\r\n0\r\n\r\n", 411);
  }

  @Test
  void brokenChunksAreTheCallersMistake() throws IOException {
    String head = "POST " + RUNS + " HTTP/1.1\r\n" + CLOSE + "Content-Type: application/json\r\n";
    refused(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400);
  }

  @Test
  void aBodyThatNobodyWantsMayBreakOff() throws IOException {
    int port = http().uri("/").getPort();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      String head = "GET /api/v1/recipes HTTP/1.1\r\n" + CLOSE + "Content-Length: 64\r\n\r\n{";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void tooManyParametersAreCounted() throws IOException {
    String query = "a=1&".repeat(300) + "b=2";
    JsonNode problem = refused("GET /api/v1/runs?" + query + " HTTP/1.1\r\n" + CLOSE + "\r\n", 400);
    assertThat(problem.get("detail").asString()).isEqualTo("301 parameters > maximum 256");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0x10, limit: must be a whole number",
    "limit=%2B5, limit: must be a whole number",
    "limit=ten, limit: must be a whole number",
    "limit=99999999999, limit: 99999999999 > maximum 2147483647",
    "limit=501, limit: 501 > maximum 500",
    "dataset=1-1-1-1-1, 'dataset: must be an id, as in 0190c2d1-7b6e-7cc3-a5a1-0242ac120002'",
  })
  void wordsOfAQueryAreStrict(String query, String detail) {
    Answer answer = http().get(RUNS + "?" + query, "Accept-Language", "de");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).isEqualTo(detail);
  }

  @Test
  void parametersOutOfRangeNameTheirLimitInEnglish() {
    Answer answer = http().get(RUNS + "/" + NOBODY + "/steps?points=0", "Accept-Language", "de");
    assertThat(answer.status()).isEqualTo(422);
    JsonNode error = answer.json().at("/errors/0");
    assertThat(error.get("message").asString()).isEqualTo("0 < minimum 1");
    assertThat(error.get("limit").asInt()).isEqualTo(1);
    assertThat(http().delete(RUNS + "/" + NOBODY + "?dryRun=yes").status()).isEqualTo(422);
    assertThat(http().get(RUNS + "/1-1-1-1-1").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "1.9, priority: must be a whole number",
    "'\"5\"', priority: must be a whole number",
    "true, priority: must be a whole number",
    "99999999999, priority: 99999999999 > maximum 2147483647",
  })
  void numbersOfABodyAreStrict(String number, String detail) {
    String body = "{\"dataset\": \"" + NOBODY + "\", \"recipe\": \"smoke\", \"priority\": %s}";
    Answer answer = http().post(RUNS, body.replace("%s", number));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).isEqualTo(detail);
  }

  @Test
  void textsAreTextsAndCanBeWrittenAgain() {
    String run = "{\"dataset\": \"" + NOBODY + "\", \"recipe\": %s, \"name\": %s}";
    for (String name : new String[] {"5", "\"\\ud800\"", "\"a\\udc00b\""}) {
      Answer answer = http().post(RUNS, run.formatted("\"smoke\"", name));
      assertThat(answer.status()).as(name).isEqualTo(422);
    }
    Answer echoed = http().post(RUNS, run.formatted("{\"\\ud800\": 1}", "\"x\""));
    assertThat(echoed.status()).isBetween(400, 422);
    Answer whole = http().post(RUNS, run.formatted("\"smoke\"", "\"\\ud83d\\ude00\""));
    assertThat(whole.status()).isEqualTo(404);
  }

  @Test
  void limitsOfJsonAreNumbers() {
    Answer answer = http().post(RUNS, "{\"name\": \"" + "x".repeat(1_100_000) + "\"}");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().get("detail").asString()).contains("> maximum ");
    assertThat(answer.text()).doesNotContain("StreamReadConstraints");
  }

  @Test
  void aUrlHasAPortThatThereIs() {
    Map<String, String> source = Map.of("type", "url", "url", "https://a.example:99999/x.zip");
    Answer answer = http().post("/api/v1/datasets", Map.of("source", source));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .isEqualTo("source.url has port 99999, which is none");
  }

  @Test
  void manifestsHaveOneLimitAsFieldsAndAsFiles() {
    String label = "x".repeat(100);
    StringBuilder labels = new StringBuilder("\"first\"");
    for (int i = 0; i < 700; i++) {
      labels.append(",\"").append(i).append(label).append('"');
    }
    String manifest =
        "{\"architecture\": \"xresnet18\", \"size\": 64, \"labels\": [" + labels + "]}";
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    Multipart field = new Multipart().field("manifest", manifest);
    Multipart file = new Multipart().file("manifest", "m.json", bytes);
    for (Multipart body : new Multipart[] {field, file}) {
      body.file("weights", "w", new byte[] {1});
      Answer answer = checkpoints(body);
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.json().get("detail").asString()).doesNotContain("manifest");
    }
    byte[] large = new byte[JsonParts.MOST_BYTES + 1];
    Multipart tooLarge = new Multipart().file("manifest", "m", large);
    Answer answer = checkpoints(tooLarge.file("weights", "w", new byte[] {1}));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().get("detail").asString()).contains("8388609 bytes > maximum 8388608");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{\"architecture\": 5}", "nonsense", "{\"size\": \"64\"}"})
  void manifestsAreReadAsStrictly(String manifest) {
    Answer answer =
        checkpoints(
            new Multipart().field("manifest", manifest).file("weights", "w", new byte[] {1}));
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.text()).doesNotContain("dev.onecycle", "java.");
  }

  @Test
  void labelsOfAManifestFollowTheRuleOfFolders() {
    String manifest =
        "{\"architecture\": \"xresnet18\", \"size\": 64, \"labels\": [\"a\", \"b\u202e\"]}";
    Answer answer =
        checkpoints(
            new Multipart().field("manifest", manifest).file("weights", "w", new byte[] {1}));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .isEqualTo("labels[1]: has control characters");
  }

  private Answer checkpoints(Multipart body) {
    return http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body.bytes());
  }

  @Test
  void encodedBodiesAreRefusedAndSaySo() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{}".getBytes(StandardCharsets.UTF_8));
    }
    Answer answer =
        http().post(RUNS, "application/json", packed.toByteArray(), "Content-Encoding", "gzip");
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
    assertThat(answer.json().get("detail").asString()).contains("Content-Encoding");
  }

  @Test
  void chunkedUploadsWork() throws IOException {
    String part = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--x--\r\n";
    String chunks = Integer.toHexString(part.length()) + "\r\n" + part + "\r\n0\r\n\r\n";
    JsonNode problem =
        refused(
            "POST /api/v1/datasets HTTP/1.1\r\n"
                + CLOSE
                + "Content-Type: multipart/form-data; boundary=x\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks,
            422);
    assertThat(problem.get("detail").asString()).contains("'archive' is missing");
  }
}
