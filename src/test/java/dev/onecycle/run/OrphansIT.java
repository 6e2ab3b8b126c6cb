package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.States;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Files that no row knows are found, reported and deleted; no others ever are. */
class OrphansIT extends CountingServer {

  private static final String ORPHANS = "/api/v1/storage/orphans";

  @Autowired private BlobStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private CheckpointStore checkpointStore;
  @Autowired private Orphans orphans;

  @Test
  void findsWhatNoRowKnowsAndDeletesItWhenTold() throws IOException {
    UUID running = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(running, RunState.RUNNING);
    UUID ended = submit("{\"epochs\": 1}");
    queue.cancel(ended);

    Checkpoint kept =
        checkpoints.save(
            checkpointStore.write(
                States.manifest(List.of("a", "b"), new Origin(ended, 1, 0, 1)),
                States.xresnet18(2, 1)));
    old(kept.weights().key());
    String ofNobody = old(put("runs/" + UUID.randomUUID() + "/1/weights.safetensors"));
    String superseded = old(put("runs/" + ended + "/1/superseded.safetensors"));
    String dataset = old(put("datasets/" + UUID.randomUUID() + "/1/pictures.zip"));
    String checkpoint = old(put("checkpoints/" + UUID.randomUUID() + ".safetensors"));
    String underWay = old(put("runs/" + running + "/1/state.bin"));
    String importing = old(put("datasets/" + dataset("IMPORTING") + "/1/pictures.zip"));
    String young = put("runs/" + UUID.randomUUID() + "/1/weights.safetensors");
    String upload = old(put("uploads/" + UUID.randomUUID()));
    String foreign = old(put("cache/of-somebody-else"));
    List<String> wanted = List.of(ofNobody, superseded, dataset, upload, checkpoint);
    List<String> others = List.of(kept.weights().key(), underWay, importing, young, foreign);

    assertThat(keys(http().get(ORPHANS).json()))
        .containsAll(wanted)
        .doesNotContainAnyElementsOf(others);
    orphans.look();
    await()
        .untilAsserted(
            () ->
                assertThat(metric("onecycle_store_bytes"))
                    .isEqualTo((double) store.list("").stream().mapToLong(store::size).sum())
                    .isPositive());
    assertThat(metric("onecycle_store_orphans")).isGreaterThanOrEqualTo(wanted.size());
    JsonNode dry = http().delete(ORPHANS + "?dryRun=true").json();
    assertThat(keys(dry)).containsAll(wanted);
    assertThat(dry.get("files").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(dry.get("bytes").asInt()).isGreaterThanOrEqualTo(15);
    assertThat(store.list("")).containsAll(wanted);

    assertThat(keys(http().delete(ORPHANS).json())).containsAll(wanted);
    assertThat(store.list("")).doesNotContainAnyElementsOf(wanted).containsAll(others);
    assertThat(http().get(ORPHANS).json().get("files").asInt()).isZero();

    List.of(underWay, importing, young, foreign).forEach(store::delete);
    open(running, 1);
    awaitState(running, RunState.SUCCEEDED);
  }

  private double metric(String name) {
    return http()
        .get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private String put(String key) {
    store.put(key, new ByteArrayInputStream(new byte[] {1, 2, 3}));
    return key;
  }

  private Path file(String key) {
    return store.file(new Blob(key, 3, "0".repeat(64)));
  }

  private String old(String key) throws IOException {
    Instant longAgo = Instant.now().minus(Duration.ofMinutes(61));
    Files.setLastModifiedTime(file(key), FileTime.from(longAgo));
    return key;
  }

  private static List<String> keys(JsonNode answer) {
    return answer.get("items").valueStream().map(item -> item.get("key").asString()).toList();
  }
}
