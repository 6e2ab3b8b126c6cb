package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.run.CountingServer;
import dev.onecycle.run.RunState;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run's numbers as TensorBoard's file, which grows with it. */
class TensorBoardIT extends CountingServer {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");

  @TempDir private Path folder;

  private static String path(UUID run) {
    return "/api/v1/runs/" + run + "/tfevents";
  }

  @Test
  void theFileGrowsWithTheRun() {
    UUID id = submit("{\"epochs\": 3, \"gated\": true}");
    CompletableFuture<Answer> followed = CompletableFuture.supplyAsync(() -> http().get(path(id)));
    open(id, 1);
    awaitEpochs(id, 1);
    Answer early = http().get(path(id) + "?follow=false");
    assertThat(early.status()).isEqualTo(200);
    assertThat(early.header("Content-Disposition")).contains("events.out.tfevents." + id);
    assertThat(records(early.bytes())).hasSize(3);
    open(id, 2);
    awaitState(id, RunState.SUCCEEDED);
    byte[] whole = followed.orTimeout(60, TimeUnit.SECONDS).join().bytes();
    assertThat(whole).startsWith(early.bytes());
    assertThat(http().get(path(id) + "?follow=false").bytes()).isEqualTo(whole);
    assertThat(records(whole)).as("what it begins with, three steps, three epochs").hasSize(7);
    // Every file of TensorFlow's begins so: the length of its first record, and its checksum.
    assertThat(HexFormat.of().formatHex(whole, 0, 12)).isEqualTo("1800000000000000a37f4b22");
    assertThat(http().json("HEAD", path(id), "").status()).isEqualTo(200);
  }

  /** The bytes of each record, between its length and the checksums. */
  private static List<byte[]> records(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] record = new byte[(int) bytes.getLong()];
      bytes.getInt();
      bytes.get(record);
      bytes.getInt();
      records.add(record);
    }
    return records;
  }

  private void awaitEpochs(UUID id, int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> events(id).stream().filter(e -> e.type().equals("epoch")).count() == count);
  }

  /** Needs a Python with tensorboard; skipped without. */
  @Test
  void tensorBoardReadsItWhileItGrows() throws Exception {
    Program present =
        Program.run(
            Path.of("."),
            Map.of(),
            List.of(PYTHON, "-c", "import tensorboard.backend.event_processing"));
    assumeTrue(
        present.exit() == 0,
        PYTHON
            + " has no tensorboard: pip install tensorboard, or name another Python in"
            + " ONECYCLE_PYTHON");
    UUID id = submit("{\"epochs\": 2, \"gated\": true}");
    open(id, 1);
    awaitEpochs(id, 1);
    JsonNode early = read(http().get(path(id) + "?follow=false").bytes());
    assertThat(early.get("epoch/accuracy")).isEqualTo(new JsonMapper().readTree("[[1, 0.0]]"));
    open(id, 1);
    JsonNode whole = read(http().get(path(id)).bytes());
    assertThat(whole.propertyNames())
        .containsExactlyInAnyOrder(
            "train/loss",
            "train/batch_loss",
            "train/learning_rate",
            "train/momentum",
            "train/images_per_second",
            "epoch/train_loss",
            "epoch/valid_loss",
            "epoch/accuracy",
            "epoch/seconds");
    assertThat(whole.at("/epoch~1accuracy/1/0").asInt()).isEqualTo(2);
    assertThat(whole.at("/epoch~1accuracy/1/1").asDouble()).isCloseTo(0.1, within(1e-6));
    assertThat(whole.at("/train~1momentum/0/1").asDouble()).isCloseTo(0.95, within(1e-6));
  }

  private JsonNode read(byte[] file) throws IOException, InterruptedException {
    Files.write(folder.resolve("events.out.tfevents.1"), file);
    String script = Path.of("src/test/python/tensorboard_scalars.py").toString();
    String told =
        Program.run(Path.of("."), Map.of(), List.of(PYTHON, script, folder.toString())).succeeded();
    return new JsonMapper().readTree(told.substring(told.lastIndexOf('\n') + 1));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThat(http().get(path(UUID.randomUUID())).status()).isEqualTo(404);
    UUID id = submit("{\"epochs\": 1}");
    assertThat(http().get(path(id) + "?follow=maybe").status()).isEqualTo(422);
    awaitState(id, RunState.SUCCEEDED);
  }
}
