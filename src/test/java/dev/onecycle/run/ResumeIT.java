package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.recipe.Position;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.SampleImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Real trainings that are paused end as those that are not. */
class ResumeIT extends CountingServer {

  private static final String RUNS = "/api/v1/runs";

  @Autowired private CheckpointStore checkpoints;
  @Autowired private BlobStore store;
  @Autowired private PlatformTransactionManager transactions;

  @Test
  void aPausedTrainingEndsWithTheSameWeights() throws IOException {
    UUID dataset = SampleImport.quarterInto(http());
    UUID whole = train(dataset);
    awaitSuccess(whole);
    assertThat(run(whole).resumedFrom()).isNull();
    awaitNoResumePoints(whole);
    String hash = stateSha256(whole);

    UUID paused = train(dataset);
    pauseAfterTenSteps(paused);
    JsonNode seen = http().get(RUNS + "/" + paused).json();
    assertThat(resumePoints(paused)).hasSize(1);
    http().post(RUNS + "/" + paused + "/resume", "");
    awaitSuccess(paused);
    assertIsTheWhole(paused, whole, hash);
    ResumedFrom from = run(paused).resumedFrom();
    assertThat(from.attempt()).isEqualTo(1);
    assertThat(from.step()).isBetween(10L, 24L);
    assertThat(from.step()).isGreaterThanOrEqualTo(seen.at("/progress/step").asLong());
    JsonNode told = http().get(RUNS + "/" + paused).json().get("resumedFrom");
    assertThat(told.get("step").asLong()).isEqualTo(from.step());
  }

  @Test
  @Tag("proof")
  void aDamagedResumePointCostsTimeOnly() throws IOException {
    UUID dataset = SampleImport.quarterInto(http());
    UUID whole = train(dataset);
    awaitSuccess(whole);
    UUID damaged = train(dataset);
    pauseAfterTenSteps(damaged);
    Path file = store.file(run(damaged).resumePoint().state());
    Files.writeString(file, "this was a resume point");
    http().post(RUNS + "/" + damaged + "/resume", "");
    awaitSuccess(damaged);
    assertThat(run(damaged).resumedFrom()).isNull();
    assertThat(events(damaged)).anyMatch(event -> event.data().contains("begins anew"));
    assertIsTheWhole(damaged, whole, stateSha256(whole));
  }

  @Test
  @Tag("proof")
  void aTrainingThatWasHalvedStaysWithinItsRecipesSteps() throws IOException {
    UUID id = train(SampleImport.quarterInto(http()));
    pauseAfterTenSteps(id);
    ResumePoint point = run(id).resumePoint();
    Position start = point.position().startOfEpoch();
    ResumePoint halved =
        new ResumePoint(point.attempt(), start, start.epoch() * 12L, true, point.state());
    new TransactionTemplate(transactions)
        .executeWithoutResult(status -> runs.lock(id).orElseThrow().resumePoint(halved));
    http().post(RUNS + "/" + id + "/resume", "");
    awaitSuccess(id);
    assertThat(run(id).progress().step()).isEqualTo(24);
    assertThat(run(id).progress().steps()).isEqualTo(24);
    JsonNode points = http().get(RUNS + "/" + id + "/steps").json();
    assertThat(points.get(points.size() - 1).get("lastStep").asInt()).isEqualTo(24);
    assertThat(points.get(start.epoch() * 12).get("firstStep").asInt())
        .as("each step was two halves")
        .isEqualTo(start.epoch() * 12 + 1);
    assertThat(epochs.of(id)).hasSize(2);
  }

  private void assertIsTheWhole(UUID run, UUID whole, String hash) {
    assertThat(run(run).attempt()).isEqualTo(2);
    assertThat(stateSha256(run)).isEqualTo(hash);
    assertThat(epochs.of(run))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds", "imagesPerSecond")
        .isEqualTo(epochs.of(whole));
    awaitNoResumePoints(run);
    assertThat(checkpoints.of(run)).hasSameSizeAs(checkpoints.of(whole));
  }

  /** Two epochs of twelve steps, the second on larger pictures. */
  private UUID train(UUID dataset) {
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset,
            "recipe",
            "smoke",
            "overrides",
            Map.of(
                "itemSize",
                40,
                "phases[0].size",
                40,
                "phases[0].epochs",
                2,
                "phases[0].plan",
                List.of(epochAt(32), epochAt(40)),
                "ema",
                0.9,
                "precision",
                "float32"));
    JsonNode run = http().post(RUNS, request).json();
    return UUID.fromString(run.get("id").asString());
  }

  private static Map<String, ?> epochAt(int size) {
    return Map.of("size", size, "batchSize", 16, "epochs", 1);
  }

  private void awaitSuccess(UUID id) {
    await()
        .atMost(Duration.ofMinutes(5))
        .failFast(() -> assertThat(run(id).failure()).isNull())
        .until(() -> run(id).state() == RunState.SUCCEEDED);
  }

  private void pauseAfterTenSteps(UUID id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> run(id).progress() != null && run(id).progress().step() >= 10);
    queue.pause(id);
    awaitState(id, RunState.PAUSED);
  }

  private String stateSha256(UUID run) {
    Checkpoint best = checkpoints.get(run(run).checkpointId());
    return best.manifest().stateSha256();
  }

  /** They go just after the commit that ends the run. */
  private void awaitNoResumePoints(UUID run) {
    await().untilAsserted(() -> assertThat(resumePoints(run)).isEmpty());
  }

  private List<String> resumePoints(UUID run) {
    return store.list("runs/" + run + "/").stream().filter(k -> k.contains("/resume-")).toList();
  }
}
