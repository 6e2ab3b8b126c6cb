package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.ServiceProcess;
import dev.onecycle.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A disk that fills up to the last byte while a training writes to it. */
@Tag("proof")
class FullDiskIT {

  private static final String API = "/api/v1";
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final Map<String, ?> SMALL =
      Map.of(
          "itemSize", 32,
          "phases[0].size", 32,
          "phases[0].batchSize", 32,
          "phases[0].epochs", 30);

  private static final Map<String, ?> SHORT =
      Map.of("itemSize", 32, "phases[0].size", 32, "phases[0].epochs", 1);

  @TempDir private Path directory;

  private Http http;

  @Test
  void aRunWhoseStoreFillsUpKeepsItsLastCheckpoint() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), 600);
        ServiceProcess service = start(directory, "--onecycle.store.directory=" + disk.path())) {
      http = service.http();
      UUID dataset = SampleImport.into(http);
      UUID id = submit("/runs", Map.of("dataset", dataset, "recipe", "smoke", "overrides", SMALL));
      await().atMost(SOON).until(() -> run(id).has("checkpoint"));
      disk.fill();
      assertFailedForStorage(id);
      UUID checkpoint = assertCheckpointIsWhole(id);

      disk.makeSpace();
      UUID clone = submit("/runs/" + id + "/clone", Map.of("overrides", SHORT));
      UUID further =
          submit(
              "/runs",
              Map.of(
                  "dataset", dataset, "recipe", "smoke", "overrides", SHORT, "from", checkpoint));
      awaitState(clone, "SUCCEEDED");
      awaitState(further, "SUCCEEDED");
    }
  }

  private static ServiceProcess start(Path home, String... settings) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--onecycle.store.reserve=0B");
    arguments.add("--onecycle.worker.tta-menu-pictures=10");
    return ServiceProcess.start(ServiceMain.class, home, Map.of(), List.of(), arguments);
  }

  private UUID submit(String path, Map<String, ?> request) {
    Http.Answer accepted = http.post(API + path, request);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    return UUID.fromString(accepted.json().get("id").asString());
  }

  private void assertFailedForStorage(UUID id) {
    awaitState(id, "FAILED");
    JsonNode failure = run(id).get("failure");
    assertThat(failure.get("kind").asString()).isEqualTo("STORAGE");
    assertThat(failure.get("message").asString()).contains("disk is");
    assertThat(failure.get("fix").asString()).contains("Free space");
  }

  private UUID assertCheckpointIsWhole(UUID run) throws Exception {
    String id = run(run).get("checkpoint").asString();
    JsonNode weights = http.get(API + "/checkpoints/" + id).json().get("weights");
    byte[] bytes = http.get(API + "/checkpoints/" + id + "/weights").bytes();
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
        .isEqualTo(weights.get("sha256").asString());
    return UUID.fromString(id);
  }

  private void awaitState(UUID id, String state) {
    await().atMost(SOON).until(() -> run(id).get("state").asString().equals(state));
  }

  private JsonNode run(UUID id) {
    return http.get(API + "/runs/" + id).json();
  }
}
