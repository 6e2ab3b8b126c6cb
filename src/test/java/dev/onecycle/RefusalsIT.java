package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.RawHttp;
import dev.onecycle.testing.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What every route that is described refuses, and how. */
class RefusalsIT extends OpenServer {

  private static final String NOBODY = "00000000-0000-7000-8000-000000000000";

  /** One described operation; its path leads to nothing. */
  private record Operation(String method, String path, List<String> query, boolean body) {}

  @Autowired private JdbcClient jdbc;

  private final List<Operation> operations = new ArrayList<>();

  @BeforeEach
  void readTheDescription() {
    JsonNode paths = http().get("/v3/api-docs").json().get("paths");
    paths.propertyNames().forEach(path -> addAll(path, paths.get(path)));
  }

  private void addAll(String path, JsonNode described) {
    described
        .properties()
        .forEach(
            each -> {
              List<String> query = new ArrayList<>();
              each.getValue()
                  .path("parameters")
                  .forEach(
                      parameter -> {
                        if (parameter.get("in").asString().equals("query")) {
                          query.add(parameter.get("name").asString());
                        }
                      });
              boolean body = each.getValue().has("requestBody");
              String method = each.getKey().toUpperCase(Locale.ROOT);
              String nowhere = path.replace("{image}", "7").replaceAll("\\{[^}]*}", NOBODY);
              operations.add(new Operation(method, nowhere, query, body));
            });
  }

  /** What is wrong with these has nothing to do with what there is; each answer is noted. */
  @Test
  void everyRouteRefusesInTheDescribedWays() throws Exception {
    for (Operation operation : operations) {
      String line = operation.method + " " + operation.path;
      assertThat(raw(line, "Origin: \u0085\r\n").status()).as(line).isEqualTo(400);
      assertThat(send(operation, "{}", "Host", "evil.example").status()).as(line).isEqualTo(403);
      assertThat(send(operation, "{}").status()).as(line).isLessThan(500);
      send(operation, "{}", "Accept", "image/x-none");
      if (!operation.method.equals("GET") && !operation.method.equals("DELETE")) {
        int packed = send(operation, "{}", "Content-Encoding", "gzip").status();
        assertThat(packed).as(line).isEqualTo(415);
      }
      for (String parameter : operation.query) {
        String path = operation.path + "?" + parameter + "=~";
        http().json(operation.method, path, "{}");
      }
      if (operation.body) {
        refuseBodies(operation, line);
      }
    }
  }

  private void refuseBodies(Operation operation, String line) throws Exception {
    send(operation, "{\"unheardOf\": 1}");
    send(operation, "{\"name\": \"" + "x".repeat(1_100_000) + "\"}");
    String form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
    assertThat(raw(line, form).status()).as(line).isIn(404, 415, 422);
    if (operation.method.equals("POST")) {
      String parts = "Content-Type: multipart/form-data; boundary=x\r\n";
      raw(line, parts + "Content-Length: 99999999999\r\n");
      raw(line, parts + "Transfer-Encoding: chunked\r\n");
      http().post(operation.path, "text/plain", new byte[] {'x'});
      http().post(operation.path, Multipart.CONTENT_TYPE, new Multipart().bytes());
    }
  }

  /** Spring takes it for an absent one, and would delete. */
  @Test
  void anEmptyWordIsNotAnAbsentOne() {
    for (String empty : List.of("dryRun=", "dryRun", "dry%52un=", "dryRun=false&dryRun=")) {
      assertThat(http().delete("/api/v1/storage/orphans?" + empty).status())
          .as(empty)
          .isEqualTo(422);
    }
    assertThat(http().get("/api/v1/datasets/" + NOBODY + "/batch?phase=").status()).isEqualTo(422);
  }

  @Test
  void aMethodThatIsUnknownIsNotAllowed() throws Exception {
    RawHttp.Answer answer = raw("QUERY /api/v1/runs", "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.text()).contains("Allow: ");
  }

  /** The actuator's parsing would break. */
  @Test
  void aTypeWithAWildcardIsRefusedWithoutABodyToo() throws Exception {
    String wild = "Content-Type: */*\r\n";
    assertThat(raw("GET /actuator/health", wild).status()).isEqualTo(400);
    assertThat(raw("GET /api/v1/runs", wild).status()).isEqualTo(400);
  }

  /** Whether nobody wants it, or a part of it is missing then. */
  @Test
  void aBodyThatEndsEarlyIsNoFaultOfTheService() throws Exception {
    String parts = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 69\r\n";
    assertThat(raw("DELETE /api/v1/runs/none?limit=5", parts).status()).isEqualTo(404);
    String cut =
        parts + "\r\n--x\r\nContent-Disposition: form-data; name=\"split\"\r\n\r\nfolders\r\n--x";
    String predictions = "POST /api/v1/checkpoints/" + NOBODY + "/predictions";
    assertThat(raw(predictions, cut).status()).isEqualTo(400);
  }

  @Test
  void aDatasetThatIsNotThereYetAnswersThatItIsNot() {
    String dataset = Rows.dataset(jdbc, "IMPORTING").toString();
    for (String view :
        List.of("audit", "images", "images/7", "images/7/view", "blend?a=0&b=1", "batch")) {
      String path = "/api/v1/datasets/" + dataset + "/" + view;
      assertThat(http().get(path).status()).as(view).isEqualTo(409);
    }
    Map<String, String> recipe = Map.of("recipe", "smoke");
    String datasets = "/api/v1/datasets/";
    assertThat(http().post(datasets + dataset + "/batch", recipe).status()).isEqualTo(409);
    String since = datasets + dataset + "/changes?since=" + dataset;
    assertThat(http().get(since).status()).isEqualTo(409);
    String check = datasets + dataset + "/label-checks";
    assertThat(http().post(check, "{}").status()).isEqualTo(409);
    assertThat(http().post(datasets + NOBODY + "/batch", recipe).status()).isEqualTo(404);
    assertThat(http().json("PATCH", datasets + NOBODY, "{\"name\": \"a\"}").status())
        .isEqualTo(404);
    for (String made : List.of("runs", "runs/validate", "lr-finds")) {
      String path = "/api/v1/" + made;
      Map<String, String> early = Map.of("dataset", dataset, "recipe", "smoke");
      assertThat(http().post(path, early).status()).as(made).isEqualTo(409);
      Map<String, String> nowhere = Map.of("dataset", NOBODY, "recipe", "smoke");
      assertThat(http().post(path, nowhere).status()).as(made).isEqualTo(404);
    }
  }

  private Http.Answer send(Operation operation, String body, String... headers) {
    return http().json(operation.method, operation.path, body, headers);
  }

  private RawHttp.Answer raw(String line, String headers) throws Exception {
    return RawHttp.send(http().uri("/").getPort(), "127.0.0.1", line + " HTTP/1.1", headers);
  }
}
