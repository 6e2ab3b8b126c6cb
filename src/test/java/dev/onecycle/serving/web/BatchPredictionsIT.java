package dev.onecycle.serving.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Many pictures are predicted as one, by a run that can be followed, copied and deleted. */
class BatchPredictionsIT extends OpenServer {

  private static final String MODEL = "bulk";
  private static final String ROUTE = "batch-predictions";

  /** What bfloat16 may move a probability by, alone or in a batch. */
  private static final double ROUNDING = 0.02;

  private static UUID dataset;
  private static UUID checkpoint;

  @Autowired private CheckpointStore checkpointStore;
  @Autowired private Checkpoints checkpoints;
  @Autowired private BlobStore store;

  private ModelRuns runs;

  @BeforeEach
  void publish() {
    runs = new ModelRuns(http());
    if (dataset == null) {
      dataset = SampleImport.into(http());
      checkpoint =
          checkpoints
              .save(
                  checkpointStore.write(
                      States.manifest(SampleDataset.labels(), null), States.xresnet18(10, 9)))
              .id();
      runs.publish(MODEL, checkpoint);
    }
  }

  @Test
  void everyPictureOfADatasetGetsALine() {
    UUID run =
        runs.submit(
            MODEL, ROUTE, Map.of("dataset", dataset, "split", "valid", "tta", "flip", "topK", 3));
    runs.awaitState(run, "SUCCEEDED");

    List<JsonNode> lines = runs.lines(run);
    assertThat(lines).hasSize(200);
    assertThat(lines.stream().map(line -> line.get("path").asString())).isSorted();
    for (JsonNode line : lines) {
      String label = line.get("actual").asString();
      assertThat(line.get("path").asString()).startsWith("valid/" + label + "/");
      assertThat(line.get("predictions").size()).isEqualTo(3);
      assertThat(line.at("/tta/views").asInt()).isEqualTo(2);
      assertThat(line.has("problem")).isFalse();
    }
    JsonNode shown = runs.show(run);
    assertThat(shown.get("kind").asString()).isEqualTo("batch-predict");
    assertThat(shown.has("recipe")).isFalse();
    assertThat(shown.at("/options/tta").asString()).isEqualTo("flip");
    assertThat(shown.get("from").asString()).isEqualTo(checkpoint.toString());
    assertThat(shown.at("/progress/step")).isEqualTo(shown.at("/progress/steps"));
    assertThat(shown.at("/progress/imagesPerSecond").asDouble()).isPositive();
    assertThat(shown.get("progress").has("trainLoss")).isFalse();
    assertThat(http().get(ModelRuns.path(run) + "/steps").json()).isEmpty();
    assertThat(http().get(ModelRuns.path(run) + "/events", "Accept", "application/x-ndjson").text())
        .contains("200 pictures, of which 0 could not be predicted");
  }

  /** BatchKillIT kills its process besides. */
  @Test
  void pausedAndResumedItEndsWithTheSameBytes() {
    Map<String, ?> request = Map.of("dataset", dataset, "split", "valid", "tta", "8");
    UUID whole = runs.submit(MODEL, ROUTE, request);
    UUID paused = runs.submit(MODEL, ROUTE, request);
    runs.awaitState(whole, "SUCCEEDED");
    byte[] expected = runs.predictions(whole).bytes();

    runs.awaitStep(paused, 1);
    http().post(ModelRuns.path(paused) + "/pause", "");
    runs.awaitState(paused, "PAUSED");
    Answer soFar = runs.predictions(paused);
    assertThat(soFar.header("Onecycle-Complete")).isEqualTo("false");
    assertThat(expected).startsWith(soFar.bytes());
    assertThat(soFar.bytes().length).isLessThan(expected.length);
    http().post(ModelRuns.path(paused) + "/resume", "");
    runs.awaitState(paused, "SUCCEEDED");
    assertThat(runs.predictions(paused).bytes()).isEqualTo(expected);
  }

  @Test
  void labelsChooseAndTheTableSaysTheSame() {
    UUID run =
        runs.submit(
            MODEL, ROUTE, Map.of("dataset", dataset, "labels", List.of("heart"), "topK", 2));
    runs.awaitState(run, "SUCCEEDED");
    List<JsonNode> lines = runs.lines(run);
    assertThat(lines).hasSize(100).allMatch(line -> line.get("actual").asString().equals("heart"));

    Answer csv = runs.predictions(run, "Accept", "text/csv");
    assertThat(csv.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
    List<String> rows = csv.text().lines().toList();
    assertThat(rows.get(0))
        .isEqualTo("path,actual,label1,probability1,label2,probability2,agreement,problem");
    JsonNode first = lines.get(0);
    assertThat(rows.get(1))
        .isEqualTo(
            "%s,heart,%s,%s,%s,%s,1.0,"
                .formatted(
                    first.get("path").asString(),
                    first.at("/predictions/0/label").asString(),
                    first.at("/predictions/0/probability").asDouble(),
                    first.at("/predictions/1/label").asString(),
                    first.at("/predictions/1/probability").asDouble()));
    assertThat(rows).hasSize(101);
  }

  @Test
  void whatWasReadOnceNeedNotBeSentAgain() {
    UUID run = runs.submit(MODEL, ROUTE, Map.of("dataset", dataset, "split", "valid"));
    runs.awaitState(run, "SUCCEEDED");
    Answer lines = runs.predictions(run);
    assertThat(lines.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(lines.header("Onecycle-Complete")).isEqualTo("true");
    assertThat(lines.header("Content-Length")).isEqualTo("" + lines.bytes().length);
    Answer csv = runs.predictions(run, "Accept", "text/csv");
    assertThat(csv.header("ETag")).isNotEqualTo(lines.header("ETag"));
    for (Answer answer : List.of(lines, csv)) {
      String type = answer.header("Content-Type").replaceAll(";.*", "");
      Answer again = runs.predictions(run, "Accept", type, "If-None-Match", answer.header("ETag"));
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.bytes()).isEmpty();
    }
    assertThat(runs.predictions(run, "Accept", "image/png").status()).isEqualTo(406);
  }

  @Test
  void aDirectoryIsPredictedAsItsPicturesAloneAndWhatIsNoneIsNamed() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("=1+1,\"a\".png", Drawings.png(160, 120, false));
    files.put("b/b.png", Drawings.png(90, 200, true));
    files.put("b/cut.png", Arrays.copyOf(Drawings.png(160, 120, false), 200));
    files.put("c.jpg", "no picture".getBytes(UTF_8));
    files.put("d.png", Drawings.png(300, 64, true));
    files.put("notes.txt", "left alone".getBytes(UTF_8));
    Path directory = HOME.resolve("pictures/bulk");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    UUID run =
        runs.submit(MODEL, ROUTE, Map.of("path", directory.toString(), "tta", "4", "topK", 10));
    runs.awaitState(run, "SUCCEEDED");

    List<JsonNode> lines = runs.lines(run);
    assertThat(lines.stream().map(line -> line.get("path").asString()))
        .containsExactly("=1+1,\"a\".png", "b/b.png", "b/cut.png", "c.jpg", "d.png");
    for (int right : new int[] {0, 1, 4}) {
      byte[] picture = files.get(lines.get(right).get("path").asString());
      String alone = "/api/v1/models/" + MODEL + "/predictions?tta=4&topK=10";
      assertSame(lines.get(right), http().post(alone, "image/png", picture).json());
      assertThat(lines.get(right).has("actual")).isFalse();
    }
    assertThat(lines.get(2).at("/problem/status").asInt()).isEqualTo(422);
    assertThat(lines.get(3).at("/problem/status").asInt()).isEqualTo(415);
    assertThat(lines.get(3).has("predictions")).isFalse();
    assertThat(runs.show(run).has("dataset")).isFalse();

    List<String> rows = runs.predictions(run, "Accept", "text/csv").text().lines().toList();
    assertThat(rows.get(1)).startsWith("\"'=1+1,\"\"a\"\".png\",,");
    assertThat(rows.get(4)).startsWith("c.jpg,,").contains(",,,,,").doesNotEndWith(",");
  }

  private static void assertSame(JsonNode line, JsonNode alone) {
    Map<String, Double> expected = probabilities(alone);
    probabilities(line)
        .forEach((label, p) -> assertThat(p).isCloseTo(expected.get(label), within(ROUNDING)));
    assertThat(line.at("/tta/views")).isEqualTo(alone.at("/tta/views"));
  }

  private static Map<String, Double> probabilities(JsonNode prediction) {
    Map<String, Double> byLabel = new LinkedHashMap<>();
    prediction
        .get("predictions")
        .forEach(p -> byLabel.put(p.get("label").asString(), p.get("probability").asDouble()));
    assertThat(byLabel).hasSize(10);
    return byLabel;
  }

  @Test
  void aDirectoryWithoutPicturesFailsWithASentence() throws IOException {
    Path empty = Files.createDirectories(HOME.resolve("pictures/empty"));
    UUID run = runs.submit(MODEL, ROUTE, Map.of("path", empty.toString()));
    runs.awaitState(run, "FAILED");
    assertThat(runs.show(run).at("/failure/message").asString()).contains("there is no picture");
    assertThat(runs.show(run).at("/failure/kind").asString()).isEqualTo("DATA");
    Answer none = runs.predictions(run);
    assertThat(none.status()).isEqualTo(409);
    assertThat(none.json().get("detail").asString()).contains("has no predictions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                     | 422 | dataset",
        "{'dataset': 'D', 'path': '/'}                          | 422 | dataset",
        "{'path': '/etc'}                                       | 422 |",
        "{'path': 'R/../..'}                                    | 422 |",
        "{'path': 'R', 'split': 'valid'}                        | 422 | split",
        "{'path': 'R', 'labels': ['heart']}                     | 422 | labels",
        "{'dataset': 'D', 'labels': ['hart']}                   | 422 | labels[0]",
        "{'dataset': 'D', 'labels': []}                         | 422 | labels",
        "{'dataset': 'D', 'split': 'test'}                      | 422 | split",
        "{'dataset': 'D', 'split': 'tset'}                      | 422 | split",
        "{'dataset': 'D', 'tta': 'auto'}                        | 422 | tta",
        "{'dataset': 'D', 'topK': 0}                            | 422 | topK",
        "{'dataset': 'D', 'colour': 1}                          | 422 | colour",
        "{'dataset': 'D', 'priority': 101}                      | 422 | priority",
        "{'dataset': 'D', 'calibrated': true}                   | 409 |",
        "{'dataset': '0197a000-0000-7000-8000-000000000000'}    | 404 |"
      })
  void refusesNonsense(String body, int status, String field) {
    String request =
        body.replace('\'', '"')
            .replace("\"D\"", '"' + dataset.toString() + '"')
            .replace("\"R", '"' + HOME.resolve("pictures").toString());
    Answer answer = http().post("/api/v1/models/" + MODEL + "/" + ROUTE, request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    if (field != null) {
      assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }
  }

  @Test
  void nobodyPredictsForNobody() {
    Map<String, ?> request = Map.of("dataset", dataset);
    assertThat(http().post("/api/v1/models/nobody/" + ROUTE, request).status()).isEqualTo(404);
    assertThat(runs.predictions(UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void theSameKeyIsTheSameRunAndACloneSaysTheSame() {
    String route = "/api/v1/models/" + MODEL + "/" + ROUTE;
    Map<String, ?> request = Map.of("dataset", dataset, "split", "valid", "name", "twice");
    String[] key = {"Idempotency-Key", "bulk-1"};
    UUID run = UUID.fromString(http().post(route, request, key).json().get("id").asString());
    assertThat(http().post(route, request, key).json().get("id").asString())
        .isEqualTo(run.toString());
    assertThat(http().post(route, Map.of("dataset", dataset), key).status()).isEqualTo(409);

    String clone = ModelRuns.path(run) + "/clone";
    Answer refused = http().post(clone, Map.of("overrides", Map.of("seed", 2)));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").asString()).contains("has no recipe to override");
    UUID copy = UUID.fromString(http().post(clone, "{}").json().get("id").asString());
    runs.awaitState(copy, "SUCCEEDED");
    assertThat(runs.predictions(copy).bytes()).isEqualTo(runs.predictions(run).bytes());
  }

  @Test
  void itHoldsItsCheckpointAndGoesWithItsFiles() throws IOException {
    UUID other =
        checkpoints
            .save(
                checkpointStore.write(
                    States.manifest(SampleDataset.labels(), null), States.xresnet18(10, 3)))
            .id();
    runs.publish("bulk-other", other);
    UUID run = runs.submit("bulk-other", ROUTE, Map.of("dataset", dataset, "split", "valid"));
    runs.publish("bulk-other", checkpoint);
    Answer held = http().delete("/api/v1/checkpoints/" + other);
    assertThat(held.status()).isEqualTo(409);
    runs.awaitState(run, "SUCCEEDED");

    List<String> files = new ArrayList<>(store.list("runs/" + run + "/"));
    assertThat(files).hasSize(1);
    Path file = store.file(new Blob(files.get(0), 0, ""));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(http().get("/api/v1/storage/orphans").text()).doesNotContain(run.toString());

    Answer dry = http().delete(ModelRuns.path(run) + "?dryRun=true");
    assertThat(dry.json().at("/rows/outputs").asInt()).isEqualTo(1);
    assertThat(dry.json().get("files").asInt()).isEqualTo(1);
    assertThat(http().delete(ModelRuns.path(run)).status()).isEqualTo(204);
    assertThat(store.list("runs/" + run + "/")).isEmpty();
    assertThat(runs.predictions(run).status()).isEqualTo(404);
    assertThat(http().delete("/api/v1/checkpoints/" + other).status()).isEqualTo(204);
  }
}
