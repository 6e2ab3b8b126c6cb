package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.CountingServer;
import dev.onecycle.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WorkersIT extends CountingServer {

  private static final String WORKERS = "/api/v1/workers";

  @Test
  void thisProcessIsOneAndBeats() {
    JsonNode worker = worker();
    assertThat(worker.get("state").asString()).isEqualTo("LIVE");
    assertThat(worker.get("draining").asBoolean()).isFalse();
    assertThat(worker.get("process").asLong()).isEqualTo(ProcessHandle.current().pid());
    assertThat(worker.get("name").asString()).endsWith(":" + ProcessHandle.current().pid());
    assertThat(worker.get("slots").asInt()).isEqualTo(1);
    assertThat(worker.get("devices").get(0).get("device").asString()).isEqualTo("cpu");
    Instant beat = beat(worker);
    await().atMost(Duration.ofSeconds(60)).until(() -> beat(worker()).isAfter(beat));
  }

  @Test
  void aDrainedWorkerEndsWhatItHasAndTakesNothing() {
    UUID running = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(running, RunState.RUNNING);
    assertThat(tell("drain").get("state").asString()).isEqualTo("DRAINING");
    try {
      UUID waiting = submit("{}");
      open(running, 1);
      awaitState(running, RunState.SUCCEEDED);
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(5))
          .until(() -> run(waiting).state() == RunState.QUEUED);
      assertThat(run(waiting).attempt()).isZero();
      assertThat(tell("undrain").get("state").asString()).isEqualTo("LIVE");
      awaitState(waiting, RunState.SUCCEEDED);
    } finally {
      tell("undrain");
    }
  }

  @Test
  void aWorkerThatNobodyKnowsIsNotFound() {
    UUID unknown = UUID.randomUUID();
    assertThat(http().post(WORKERS + "/" + unknown + "/drain", "").status()).isEqualTo(404);
    assertThat(http().post(WORKERS + "/mine/drain", "").status()).isEqualTo(404);
  }

  private JsonNode tell(String what) {
    String id = worker().get("id").asString();
    return http().post(WORKERS + "/" + id + "/" + what, "").json();
  }

  /** Other contexts of this JVM have homes, and so databases, of their own. */
  private JsonNode worker() {
    JsonNode items = http().get(WORKERS).json().get("items");
    assertThat(items.size()).isEqualTo(1);
    return items.get(0);
  }

  private static Instant beat(JsonNode worker) {
    return Instant.parse(worker.get("lastHeartbeat").asString());
  }
}
