package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.SlowPictures;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Imports as runs. The server has one slot for them. */
class ImportRunIT extends CountingServer {

  private static final String DATASETS = "/api/v1/datasets";

  /** Enough that an import takes seconds. */
  private static final int MANY = 30;

  private static final int FEW = 2;

  @Autowired private BlobStore store;
  @Autowired private RunDeletion deletion;

  /** Directory sources lie below this one, whatever home the server has. */
  private static Path pictures(String name, int pictures) throws IOException {
    Path directory = HOME.resolve("pictures").resolve(name);
    return Files.exists(directory) ? directory : SlowPictures.directory(directory, pictures);
  }

  private UUID importSlowly() throws IOException {
    return importDirectory(pictures("slow", MANY));
  }

  private UUID importQuickly() throws IOException {
    return importDirectory(pictures("quick", FEW));
  }

  private UUID importDirectory(Path directory) {
    Map<String, String> source = Map.of("type", "directory", "path", directory.toString());
    return accepted(http().post(DATASETS, Map.of("source", source)));
  }

  private static UUID accepted(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return UUID.fromString(answer.json().get("id").asString());
  }

  private JsonNode dataset(UUID id) {
    return http().get(DATASETS + "/" + id).json();
  }

  private void awaitDataset(UUID id, String state) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> dataset(id).get("state").asString().equals(state));
  }

  private UUID runOf(UUID dataset) {
    JsonNode found = http().get("/api/v1/runs?kind=import&dataset=" + dataset).json().get("items");
    assertThat(found).hasSize(1);
    return UUID.fromString(found.get(0).get("id").asString());
  }

  private void awaitPictures(UUID dataset) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> dataset(dataset).at("/progress/pictures").asInt() > 0);
    assertThat(dataset(dataset).get("state").asString()).isEqualTo("IMPORTING");
  }

  @Test
  void anImportIsARunWithItsOwnSlotsEventsAndProgress() throws IOException {
    UUID training = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(training, RunState.RUNNING);
    UUID waiting = submit("{\"epochs\": 1}");
    UUID dataset = importQuickly();
    awaitDataset(dataset, "READY");
    assertThat(run(waiting).state()).as("the workers' slot is taken").isEqualTo(RunState.QUEUED);
    open(training, 1);

    UUID id = runOf(dataset);
    awaitState(id, RunState.SUCCEEDED);
    JsonNode shown = http().get("/api/v1/runs/" + id).json();
    assertThat(shown.get("name").asString()).isEqualTo("quick");
    assertThat(shown.at("/options/type").asString()).isEqualTo("directory");
    assertThat(shown.has("recipe")).isFalse();
    assertThat(shown.at("/progress/step").asLong())
        .isEqualTo(shown.at("/progress/steps").asLong())
        .isEqualTo(dataset(dataset).at("/progress/bytesTotal").asLong())
        .isPositive();
    assertThat(events(id).stream().map(RunEvent::seq).toList())
        .isEqualTo(LongStream.rangeClosed(1, run(id).lastEvent()).boxed().toList());
    assertThat(events(id).stream().map(RunEvent::type)).contains("step");

    Answer again = http().post("/api/v1/runs/" + id + "/clone", "{}");
    assertThat(again.status()).as("a dataset has one import").isEqualTo(409);
    assertThat(http().delete("/api/v1/runs/" + id).status()).isEqualTo(204);
    assertThat(dataset(dataset).at("/progress/pictures").asInt())
        .as("the dataset does not need its run any more")
        .isEqualTo(FEW);
    awaitState(waiting, RunState.SUCCEEDED);
  }

  @Test
  void deletingADatasetStopsItsImportAndFreesTheSlot() throws IOException {
    UUID slow = importSlowly();
    awaitPictures(slow);
    UUID id = runOf(slow);
    UUID next = importQuickly();
    assertThat(http().get("/api/v1/runs/" + runOf(next)).json().get("queuePosition").asInt())
        .isEqualTo(1);

    assertThat(http().delete(DATASETS + "/" + slow).status()).isEqualTo(204);
    assertThat(http().get(DATASETS + "/" + slow).status()).isEqualTo(404);
    assertThat(http().get("/api/v1/runs/" + id).status()).isEqualTo(404);
    awaitDataset(next, "READY");
    await().untilAsserted(() -> assertThat(scheduled(id)).isZero());
    assertThat(store.list("datasets/" + slow)).isEmpty();
  }

  @Test
  void aCancelledImportIsAFailedOne() throws IOException {
    UUID slow = importSlowly();
    awaitPictures(slow);
    UUID waiting = importQuickly();
    for (UUID dataset : List.of(waiting, slow)) {
      UUID run = runOf(dataset);
      assertThat(http().post("/api/v1/runs/" + run + "/cancel", "").status()).isEqualTo(200);
      awaitDataset(dataset, "FAILED");
      assertThat(dataset(dataset).at("/failure/message").asString()).contains("cancelled");
      assertThat(run(run).state()).isEqualTo(RunState.CANCELLED);
    }
    UUID next = importQuickly();
    awaitDataset(next, "READY");
  }

  @Test
  void aPausedImportBeginsAnew() throws IOException {
    UUID slow = importSlowly();
    awaitPictures(slow);
    UUID run = runOf(slow);
    http().post("/api/v1/runs/" + run + "/pause", "");
    awaitState(run, RunState.PAUSED);
    assertThat(dataset(slow).get("state").asString()).isEqualTo("IMPORTING");
    http().post("/api/v1/runs/" + run + "/resume", "");
    awaitDataset(slow, "READY");
    assertThat(dataset(slow).get("pictures").asInt()).isEqualTo(MANY);
    assertThat(run(run).attempt()).isEqualTo(2);
    assertThat(store.list("datasets/" + slow))
        .containsExactly("datasets/" + slow + "/2/pictures.zip");
  }

  /** As of a process that is lost with each import that it begins. */
  @Test
  void anImportThatLosesItsProcessAgainAndAgainFails() {
    UUID dataset = Rows.dataset(jdbc, "IMPORTING");
    UUID id = held(dataset, 1);
    recorder.lose(new Lease(id, 1), RunRecorder.LOST);
    assertThat(run(id).state()).isEqualTo(RunState.FAILED);
    assertThat(dataset(dataset).get("state").asString()).isEqualTo("FAILED");
    assertThat(dataset(dataset).at("/failure/message").asString()).contains("worker was lost");
    assertThat(dataset(dataset).at("/failure/fix").asString()).contains("logs");
  }

  @Test
  void whoeverLostAnImportWritesNothing() {
    UUID dataset = Rows.dataset(jdbc, "IMPORTING");
    UUID id = held(dataset, 3);
    Lease lost = new Lease(id, 1);
    recorder.lose(lost, RunRecorder.LOST);
    assertThatThrownBy(() -> recorder.whileHeld(lost, () -> deletion.discard(id)))
        .isInstanceOf(Superseded.class);
    assertThat(runs.existsById(id)).isTrue();
    assertThat(http().delete(DATASETS + "/" + dataset).status()).isEqualTo(204);
    assertThatThrownBy(() -> recorder.whileHeld(lost, () -> {})).isInstanceOf(Superseded.class);
  }

  @Test
  void anUploadWhoseArchiveIsGoneSaysSo() throws IOException {
    UUID slow = importSlowly();
    byte[] body = new Multipart().file("archive", "a.zip", SlowPictures.zip(2)).bytes();
    UUID dataset = accepted(http().post(DATASETS, Multipart.CONTENT_TYPE, body));
    String key =
        jdbc.sql("select cast(upload as varchar(1000)) from dataset where id = ?")
            .param(dataset)
            .query(String.class)
            .single()
            .replaceAll(".*(uploads/[0-9a-f-]+).*", "$1");
    store.delete(key);
    http().delete(DATASETS + "/" + slow);
    awaitDataset(dataset, "FAILED");
    assertThat(dataset(dataset).at("/failure/message").asString())
        .isEqualTo("the uploaded archive is gone");
    assertThat(dataset(dataset).at("/failure/fix").asString()).isEqualTo("Upload it again.");
  }

  /** An import's run that a worker holds, which is a row only. */
  private UUID held(UUID dataset, int maxAttempts) {
    RunSpec spec = new RunSpec("import", dataset, 0, "held", 0);
    Run run =
        recorder.add(
            new Run(
                spec,
                "{\"type\":\"sample\"}",
                Pool.IMPORTS,
                Set.of(),
                List.of(),
                maxAttempts,
                Instant.EPOCH));
    jdbc.sql(
            """
            insert into scheduled_imports
              (task_name, task_instance, execution_time, picked, version, priority)
            values ('import', ?, current_timestamp, true, 1, 0)
            """)
        .param(run.id().toString())
        .update();
    assertThat(recorder.claim(run.id(), 1, "worker")).isPresent();
    return run.id();
  }

  private long scheduled(UUID run) {
    return jdbc.sql("select count(*) from scheduled_imports where task_instance = ?")
        .param(run.toString())
        .query(Long.class)
        .single();
  }
}
