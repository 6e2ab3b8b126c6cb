package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A check of labels whose process is killed between two folds and in the middle of one. */
@Tag("proof")
class LabelCheckKillIT {

  private static final String RUNS = "/api/v1/runs/";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int FOLDS = 4;

  @TempDir private Path home;

  private ServiceProcess service;

  @AfterEach
  void end() throws InterruptedException {
    service.close();
  }

  private void start() throws IOException {
    service =
        ServiceProcess.start(
            ServiceMain.class,
            home,
            Map.of(),
            List.of(),
            List.of("--onecycle.run.max-attempts=100"));
  }

  @Test
  void endsWithTheSameDoubts() throws Exception {
    start();
    UUID dataset = SampleImport.into(service.http());
    String whole = check(dataset);
    awaitSuccess(whole);
    String killed = check(dataset);
    for (int fold = 1; fold < FOLDS; fold++) {
      awaitFold(killed, fold);
      service.kill();
      start();
    }
    awaitSuccess(killed);
    JsonNode run = service.http().get(RUNS + killed).json();
    assertThat(run.get("attempt").asInt()).as("killed after each fold").isEqualTo(FOLDS);
    assertThat(run.at("/resumedFrom/step").asLong()).as("not all was lost").isPositive();
    assertThat(found(killed, "").replace(killed, whole)).isEqualTo(found(whole, ""));
    assertThat(found(killed, "/pictures?limit=500").replace(killed, whole))
        .isEqualTo(found(whole, "/pictures?limit=500"))
        .contains("labelProbability");
  }

  private String check(UUID dataset) {
    Map<String, ?> small = Map.of("itemSize", 64, "phases[0].size", 64, "phases[0].epochs", 1);
    Answer answer =
        service
            .http()
            .post(
                "/api/v1/datasets/" + dataset + "/label-checks",
                Map.of("folds", FOLDS, "overrides", small));
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().get("id").asString();
  }

  private String found(String run, String what) {
    Answer answer = service.http().get(RUNS + run + "/label-check" + what);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.text();
  }

  private void awaitFold(String run, int fold) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                service
                    .http()
                    .get(RUNS + run + "/log")
                    .text()
                    .contains("fold " + fold + " of " + FOLDS));
    assertThat(service.http().get(RUNS + run).json().has("endedAt")).as("in its middle").isFalse();
  }

  private void awaitSuccess(String run) {
    await().atMost(PATIENCE).until(() -> service.http().get(RUNS + run).json().has("endedAt"));
    assertThat(service.http().get(RUNS + run).json().get("state").asString())
        .isEqualTo("SUCCEEDED");
  }
}
