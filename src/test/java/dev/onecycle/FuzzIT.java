package dev.onecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.image.decoding.TestFiles;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Mutation;
import dev.onecycle.testing.OpenServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Damaged files through the entrances that people send them to. Every answer is a result or says
 * what is wrong, none is a failure of the service, and the service lives on and answers as before.
 */
class FuzzIT extends OpenServer {

  private static final String GOLDEN = "/goldens/A_xresnet/xrn_tiny_init_after5_adamw.safetensors";
  private static final Picture PICTURE = TestFiles.ramp(48, 40);

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  private final List<Entrance> entrances = new ArrayList<>();

  /** A good file and the way that its kind takes into the service. */
  private record Entrance(byte[] file, Function<byte[], Answer> way) {

    Answer send(byte[] other) {
      return way.apply(other);
    }
  }

  @Test
  void damagedFilesAreAnswered() throws Exception {
    fuzz(210, 1);
  }

  @Test
  @Tag("proof")
  void manyDamagedFilesAreAnswered() throws Exception {
    fuzz(10_000, new SecureRandom().nextLong());
  }

  private void fuzz(int cases, long seed) throws Exception {
    openDoors();
    List<JsonNode> before = predictions();
    RandomGenerator random = new Seed(seed).generator();
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      Entrance entrance = entrances.get(i % entrances.size());
      Answer answer = entrance.send(Mutation.of(entrance.file, random));
      assertThat(answer.status())
          .as("seed %d, case %d: %s", seed, i, answer.text())
          .isIn(200, 201, 202, 400, 404, 409, 413, 415, 422);
      if (answer.status() >= 400) {
        refused++;
        assertThat(answer.json().get("detail").asString()).isNotBlank();
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(cases / 10, cases - 1);
    assertThat(predictions()).isEqualTo(before);
  }

  /** What is predicted of the good pictures, which are the first four. */
  private List<JsonNode> predictions() {
    return entrances.stream()
        .limit(4)
        .map(entrance -> entrance.send(entrance.file).json().get("predictions"))
        .toList();
  }

  private void openDoors() throws IOException {
    UUID checkpoint =
        checkpoints
            .save(store.write(States.manifest(List.of("ant", "bee"), null), States.xresnet18(2, 3)))
            .id();
    String predictions = "/api/v1/checkpoints/" + checkpoint + "/predictions";
    BufferedImage image = TestFiles.image(PICTURE, BufferedImage.TYPE_3BYTE_BGR);
    for (byte[] picture :
        List.of(
            TestFiles.rotated(PictureEncoder.jpeg(PICTURE), 6),
            PictureEncoder.png(PICTURE),
            TestFiles.webp(PICTURE),
            TestFiles.file(image, "gif"))) {
      entrances.add(
          new Entrance(
              picture, file -> http().post(predictions, "application/octet-stream", file)));
    }
    entrances.add(new Entrance(golden(), this::bringWeights));
    byte[] zip = zip();
    String dataset = importZip(zip).json().get("id").asString();
    entrances.add(new Entrance(zip, this::importZip));
    Entrance plan =
        new Entrance(
            run(dataset).getBytes(UTF_8),
            file -> http().post("/api/v1/runs/validate", "application/json", file));
    entrances.add(plan);
    Answer planned = plan.send(plan.file);
    assertThat(planned.status()).as(planned.text()).isEqualTo(200);
  }

  private static byte[] golden() throws IOException {
    try (InputStream in = FuzzIT.class.getResourceAsStream(GOLDEN)) {
      return in.readAllBytes();
    }
  }

  /** No architecture of ours has so few weights: what is well-formed is refused for that. */
  private Answer bringWeights(byte[] file) {
    String manifest =
        """
        {"architecture": "xresnet18", "labels": ["ant", "bee"], "normalize": "none",
         "itemSize": 72, "size": 64}""";
    Multipart body =
        new Multipart().file("weights", "w.safetensors", file).field("manifest", manifest);
    return http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body.bytes());
  }

  /** Imports an archive and waits for its end, which is one of two. */
  private Answer importZip(byte[] file) {
    Multipart body =
        new Multipart()
            .field("name", "fuzzed")
            .field("split", "folders")
            .file("archive", "a", file);
    Answer answer = http().post("/api/v1/datasets", Multipart.CONTENT_TYPE, body.bytes());
    if (answer.status() == 202) {
      String path = answer.header("Location");
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> !state(path).equals("IMPORTING"));
      JsonNode ended = http().get(path).json();
      assertThat(ended.get("state").asString()).isIn("READY", "FAILED");
      assertThat(ended.toString()).doesNotContain("inside the service");
    }
    return answer;
  }

  private String state(String path) {
    return http().get(path).json().get("state").asString();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String part : List.of("train", "val")) {
        for (String label : List.of("ant", "bee")) {
          for (int i = 0; i < 2; i++) {
            zip.putNextEntry(new ZipEntry(part + "/" + label + "/" + i + ".png"));
            zip.write(PictureEncoder.png(TestFiles.ramp(20 + i, 20 + label.charAt(0) % 7)));
            zip.closeEntry();
          }
        }
      }
    }
    return bytes.toByteArray();
  }

  private static String run(String dataset) {
    return """
        {"dataset": "%s", "recipe": "smoke", "name": "fuzzed", "tags": ["a", "b"], "priority": 3,
         "seed": 7, "overrides": {"architecture": "xresnet18", "phases[0].epochs": 2,
         "phases[0].batchSize": 2, "augmentation.maxRotate": 10.5}}"""
        .formatted(dataset);
  }
}
