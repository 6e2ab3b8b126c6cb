package dev.onecycle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The main job as a client lives it: upload pictures, train, follow the events and lose the
 * connection, ask for predictions, clear everything away.
 */
class ApiStoryIT extends OpenServer {

  private static final String API = "/api/v1";

  /** One picture of the validation part, and its label. */
  private byte[] picture;

  private String label;

  @Test
  void picturesBecomeAClassifierAndEverythingCanBeDeletedAgain() throws Exception {
    String dataset = upload();
    String run = submit(dataset);
    followWithAnInterruption(run);
    String checkpoint = inspect(run, dataset);
    predict(checkpoint);
    predictWhileTraining(dataset);
    clear(dataset, run, checkpoint);
  }

  private String upload() throws IOException {
    byte[] body =
        new Multipart()
            .field("name", "story")
            .field("split", "folders")
            .file("archive", "story.zip", archive())
            .bytes();
    Http.Answer accepted = http().post(API + "/datasets", Multipart.CONTENT_TYPE, body);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    String path = accepted.header("Location").replaceFirst("^https?://[^/]+", "");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !http().get(path).json().get("state").asString().equals("IMPORTING"));
    JsonNode ready = http().get(path).json();
    assertThat(ready.get("state").asString()).as(ready.toString()).isEqualTo("READY");
    assertThat(ready.get("labels")).hasSize(10);
    return ready.get("id").asString();
  }

  /** A quarter of the bundled drawings as a zip of folders. */
  private byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Map<String, Integer> counts = new HashMap<>();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      new SampleDataset(new Seed(7))
          .draw(
              (path, png) -> {
                String folder = path.substring(0, path.lastIndexOf('/'));
                int most = folder.startsWith("train") ? 20 : 5;
                if (counts.merge(folder, 1, Integer::sum) <= most) {
                  zip.putNextEntry(new ZipEntry(path));
                  zip.write(png);
                  zip.closeEntry();
                  picture = png;
                  label = folder.substring(folder.lastIndexOf('/') + 1);
                }
              });
    }
    return bytes.toByteArray();
  }

  private String submit(String dataset) {
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset,
            "recipe",
            "smoke",
            "name",
            "the story",
            "overrides",
            Map.of("phases[0].epochs", 2, "phases[0].size", 32, "itemSize", 48));
    Http.Answer first = http().post(API + "/runs", request, "Idempotency-Key", "story-1");
    assertThat(first.status()).as(first.text()).isEqualTo(202);
    Http.Answer again = http().post(API + "/runs", request, "Idempotency-Key", "story-1");
    assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    return first.json().get("id").asString();
  }

  private void followWithAnInterruption(String run) throws IOException {
    List<Long> seen = new ArrayList<>();
    List<String> types = new ArrayList<>();
    read(run, seen, types, 3);
    assertThat(seen).hasSize(3);
    read(run, seen, types, Integer.MAX_VALUE);
    assertThat(seen)
        .as("no event lost, none twice")
        .isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
    assertThat(types).contains("state", "step", "epoch", "checkpoint").endsWith("state");
  }

  /** Reads the event stream after the last one seen, until it ends or {@code most} are there. */
  private void read(String run, List<Long> seen, List<String> types, int most) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) http().uri(API + "/runs/" + run + "/events").toURL().openConnection();
    connection.setRequestProperty("Accept", "text/event-stream");
    connection.setReadTimeout(60_000);
    if (!seen.isEmpty()) {
      connection.setRequestProperty("Last-Event-ID", seen.get(seen.size() - 1).toString());
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
      String line;
      while (seen.size() < most && (line = lines.readLine()) != null) {
        if (line.startsWith("event:")) {
          types.add(line.substring("event:".length()).strip());
        } else if (line.startsWith("id:")) {
          seen.add(Long.valueOf(line.substring("id:".length()).strip()));
        }
      }
    } finally {
      connection.disconnect();
    }
  }

  private String inspect(String run, String dataset) {
    JsonNode ended = http().get(API + "/runs/" + run).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    JsonNode epochs = http().get(API + "/runs/" + run + "/epochs").json();
    assertThat(epochs).hasSize(2);
    assertThat(epochs.get(1).get("trainLoss").asDouble())
        .isLessThan(epochs.get(0).get("trainLoss").asDouble());
    assertThat(http().get(API + "/runs/" + run + "/epochs", "Accept", "text/plain").text())
        .startsWith("epoch     train_loss");
    JsonNode steps = http().get(API + "/runs/" + run + "/steps").json();
    assertThat(steps.get(steps.size() - 1).get("lastStep")).isEqualTo(ended.at("/progress/steps"));
    assertThat(steps.get(0).get("loss").asDouble()).isBetween(1.0, 10.0);
    assertThat(http().delete(API + "/datasets/" + dataset).status()).isEqualTo(409);

    JsonNode checkpoints = http().get(API + "/checkpoints?run=" + run).json().get("items");
    assertThat(checkpoints.size()).isBetween(1, 2);
    String id = checkpoints.get(checkpoints.size() - 1).get("id").asString();
    Http.Answer weights = http().get(API + "/checkpoints/" + id + "/weights");
    assertThat(weights.status()).isEqualTo(200);
    assertThat(weights.bytes().length).isGreaterThan(11_000_000 * 4);
    return id;
  }

  private void predict(String checkpoint) {
    Http.Answer put = http().put(API + "/models/story", Map.of("checkpoint", checkpoint));
    assertThat(put.status()).as(put.text()).isBetween(200, 201);
    for (String tta : List.of("none", "flip", "4", "8")) {
      String path = API + "/models/story/predictions?topK=10&tta=" + tta;
      Http.Answer answer = http().post(path, "image/png", picture);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      JsonNode predictions = answer.json().get("predictions");
      assertThat(predictions).hasSize(10);
      double sum =
          predictions.valueStream().mapToDouble(p -> p.get("probability").asDouble()).sum();
      assertThat(sum).isBetween(0.999, 1.001);
      assertThat(predictions.valueStream().map(p -> p.get("label").asString())).contains(label);
    }
    Http.Answer direct =
        http().post(API + "/checkpoints/" + checkpoint + "/predictions", "image/png", picture);
    assertThat(direct.status()).isEqualTo(200);
  }

  private void predictWhileTraining(String dataset) {
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset,
            "recipe",
            "smoke",
            "name",
            "beside predictions",
            "overrides",
            Map.of("phases[0].epochs", 500, "phases[0].size", 32, "itemSize", 48));
    String run = API + "/runs/" + http().post(API + "/runs", request).json().get("id").asString();
    await().atMost(Duration.ofSeconds(60)).until(() -> http().get(run).json().has("progress"));
    Http.Answer answer = http().post(API + "/models/story/predictions", "image/png", picture);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(http().get(run).json().get("state").asString()).as("meanwhile").isEqualTo("RUNNING");
    assertThat(http().post(run + "/cancel", Map.of()).status()).isBetween(200, 202);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> http().get(run).json().get("state").asString().equals("CANCELLED"));
    assertThat(http().delete(run).status()).isEqualTo(204);
  }

  private void clear(String dataset, String run, String checkpoint) {
    assertThat(http().delete(API + "/runs/" + run).status()).as("a model uses it").isEqualTo(409);
    String rehearsal = API + "/runs/" + run + "?dryRun=true";
    assertThat(http().delete(rehearsal).status()).as("a model uses it").isEqualTo(409);
    assertThat(http().delete(API + "/models/story").status()).isEqualTo(204);
    assertThat(http().delete(rehearsal).json().get("bytes").asLong()).isGreaterThan(44_000_000);
    assertThat(http().get(API + "/checkpoints/" + checkpoint).status()).isEqualTo(200);
    assertThat(http().delete(API + "/runs/" + run).status()).isEqualTo(204);
    assertThat(http().get(API + "/checkpoints/" + checkpoint).status()).isEqualTo(404);
    assertThat(http().delete(API + "/datasets/" + dataset).status()).isEqualTo(204);
    assertThat(http().get(API + "/datasets/" + dataset).status()).isEqualTo(404);
  }
}
