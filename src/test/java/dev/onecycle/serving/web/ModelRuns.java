package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests do with runs that a model is asked for. */
record ModelRuns(Http http) {

  private static final JsonMapper MAPPER = new JsonMapper();

  static String path(UUID run) {
    return "/api/v1/runs/" + run;
  }

  /** Makes {@code name} serve a checkpoint. */
  void publish(String name, UUID checkpoint) {
    Answer answer = http.put("/api/v1/models/" + name, Map.of("checkpoint", checkpoint));
    assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
  }

  /** Asks a model for a run of {@code kind}, a route's last part. */
  UUID submit(String model, String kind, Map<String, ?> request) {
    Answer accepted = http.post("/api/v1/models/" + model + "/" + kind, request);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    UUID id = UUID.fromString(accepted.json().get("id").asString());
    assertThat(accepted.header("Location")).isEqualTo(path(id));
    return id;
  }

  void awaitState(UUID run, String state) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .failFast(
            () ->
                assertThat(show(run).get("state").asString())
                    .isIn(state, "QUEUED", "RUNNING", "PAUSING", "CANCELLING", "PAUSED"))
        .until(() -> show(run).get("state").asString().equals(state));
  }

  void awaitStep(UUID run, long step) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> show(run).at("/progress/step").asLong(0) >= step);
  }

  JsonNode show(UUID run) {
    return http.get(path(run)).json();
  }

  Answer predictions(UUID run, String... headers) {
    return http.get(path(run) + "/predictions", headers);
  }

  /** The lines of a run's predictions. */
  List<JsonNode> lines(UUID run) {
    Answer answer = predictions(run);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text().lines().map(MAPPER::readTree).toList();
  }
}
