package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.Onecycle;
import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A batch prediction on PostgreSQL that is paused, and whose process is killed. */
@Tag("proof")
class BatchKillIT {

  /** 200 pictures of 9 views, in batches of 28 pictures. */
  private static final Map<String, ?> REQUEST = Map.of("split", "valid", "tta", "8");

  private static final int STEPS = 8;
  private static final int BATCH = 28;

  @TempDir private Path home;

  private final String database = Postgres.newDatabase();
  private ServiceProcess service;
  private ModelRuns runs;

  /** The service as a process. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) {
      String port =
          SpringApplication.run(Onecycle.class, args)
              .getEnvironment()
              .getProperty("local.server.port");
      System.out.println("port " + port);
    }
  }

  @AfterEach
  void kill() throws InterruptedException {
    service.close();
  }

  @Test
  void endsWithTheSameBytes() throws Exception {
    start();
    UUID dataset = SampleImport.into(runs.http());
    runs.publish("killed", checkpoint());
    UUID whole = submit(dataset);
    UUID broken = submit(dataset);
    runs.awaitState(whole, "SUCCEEDED");
    byte[] expected = runs.predictions(whole).bytes();

    runs.awaitStep(broken, 1);
    runs.http().post(ModelRuns.path(broken) + "/pause", "");
    runs.awaitState(broken, "PAUSED");
    long paused = runs.show(broken).at("/progress/step").asLong();
    assertThat(paused).isBetween(1L, STEPS - 1L);
    Answer soFar = runs.predictions(broken);
    assertThat(soFar.header("Onecycle-Complete")).isEqualTo("false");
    assertThat(soFar.text().lines().count()).as("nothing done is lost").isEqualTo(paused * BATCH);
    assertThat(expected).startsWith(soFar.bytes());

    runs.http().post(ModelRuns.path(broken) + "/resume", "");
    runs.awaitStep(broken, paused + 1);
    kill();
    start();
    runs.awaitState(broken, "SUCCEEDED");
    JsonNode shown = runs.show(broken);
    assertThat(shown.get("attempt").asInt()).isEqualTo(3);
    assertThat(shown.at("/resumedFrom/step").asLong()).isGreaterThan(paused);
    assertThat(shown.at("/progress/step").asInt()).isEqualTo(STEPS);
    assertThat(shown.get("transitions").toString()).contains("its worker was lost");
    Answer all = runs.predictions(broken);
    assertThat(all.header("Onecycle-Complete")).isEqualTo("true");
    assertThat(all.bytes()).isEqualTo(expected);
  }

  private UUID submit(UUID dataset) {
    Map<String, Object> request = new HashMap<>(REQUEST);
    request.put("dataset", dataset);
    return runs.submit("killed", "batch-predictions", request);
  }

  private void start() throws IOException {
    service =
        ServiceProcess.start(
            Child.class,
            home,
            Map.of(),
            List.of(),
            List.of(
                "--spring.datasource.url=" + database,
                "--onecycle.worker.heartbeat=500ms",
                "--onecycle.worker.resume-every=0s"));
    runs = new ModelRuns(service.http());
  }

  /** A network that nobody trained, for pictures of 32 pixels. */
  private UUID checkpoint() throws IOException {
    Path file = home.resolve("weights");
    WeightsFile.write(file, States.xresnet18(10, 9), Map.of());
    Map<String, ?> manifest =
        Map.of(
            "architecture",
            "xresnet18",
            "labels",
            SampleDataset.labels(),
            "normalize",
            "imagenet",
            "itemSize",
            40,
            "size",
            32);
    byte[] body =
        new Multipart()
            .file("weights", "weights", Files.readAllBytes(file))
            .field("manifest", new JsonMapper().writeValueAsString(manifest))
            .bytes();
    Answer made = runs.http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return UUID.fromString(made.json().get("id").asString());
  }
}
