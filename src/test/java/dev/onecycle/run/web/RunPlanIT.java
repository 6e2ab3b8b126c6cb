package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import dev.onecycle.testing.SampleImport;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What a run would do, and runs that start from checkpoints. */
class RunPlanIT extends OpenServer {

  private static final String RUNS = "/api/v1/runs";

  /** Seconds: small pictures, and few of them a step. */
  private static final Map<String, Object> SMALL =
      Map.of("itemSize", 48, "phases[0].size", 32, "phases[0].epochs", 2);

  private static UUID shapes;

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private JdbcClient jdbc;

  @BeforeEach
  void pictures() {
    if (shapes == null) {
      shapes = SampleImport.into(http());
    }
  }

  @Test
  void saysWhatARunWouldDoAndStartsNothing() {
    long before = http().get(RUNS + "?dataset=" + shapes).json().get("items").size();
    Answer answer =
        http().post(RUNS + "/validate", Map.of("dataset", shapes, "recipe", "progressive"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode plan = answer.json();
    assertThat(plan.at("/recipe/phases/1/parameterGroups").asInt()).isEqualTo(2);
    assertThat(plan.get("trainPictures").asInt()).isEqualTo(800);
    assertThat(plan.get("validPictures").asInt()).isEqualTo(200);
    assertThat(plan.get("steps").asInt()).isEqualTo(4 * (800 / 128) + 6 * (800 / 64));
    assertThat(plan.at("/phases/1/fits/0/groups/0/frozen").asBoolean()).isTrue();
    assertThat(plan.at("/phases/1/policy").asString()).isEqualTo("fine-tune");
    assertThat(plan.get("curve").size()).isEqualTo(4 * 6 + 6 * 12);
    assertThat(plan.at("/memory/optimizer").asLong())
        .isEqualTo(2 * plan.at("/memory/gradients").asLong());
    assertThat(plan.at("/memory/total").asLong()).isGreaterThan(1_000_000_000L);
    assertThat(plan.has("time")).as("no such epochs yet").isFalse();
    assertThat(plan.get("warnings").toString()).contains("phases[1]: size 224 > ");
    assertThat(http().get(RUNS + "?dataset=" + shapes).json().get("items").size())
        .isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          phases[0].batchSize          | 801  | batch 801 > 800
          phases[0].size               | 96   | size 96 > itemSize 72
          phases[0].size               | 16   | 16 < minimum 32
          phases[0].freezeEpochs       | 1    | only a fine-tune phase
          phases[0].parameterGroups    | 4    | 4 > maximum 3
          phases[0].accumulate         | 256  | accumulate 256 > 125
          phases[0].learningRateMultiplier | 0 | 0 < minimum 1
          mixup.alpha                  | 0    | 0 < minimum 0.01
          mixup.alpha                  | -1   | -1.0 < minimum 0.01
          labelSmoothing               | 1    | 1.0 > maximum 0.9
          ema                          | 1    | 1.0 > maximum 0.99999
          """)
  void refusesWhatCannotBeTrained(String path, int value, String named) {
    Map<String, ?> request =
        Map.of("dataset", shapes, "recipe", "smoke", "overrides", Map.of(path, value));
    for (String route : List.of(RUNS, RUNS + "/validate")) {
      Answer answer = http().post(route, request);
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.text()).contains(named, path);
      assertThat(answer.json().at("/errors/0/value").asInt()).isEqualTo(value);
      assertThat(answer.json().at("/errors/0").has("limit")).isTrue();
    }
  }

  @Test
  void trainsByAPlanAndTellsWhichEpochsWereValidated() {
    Map<String, ?> small = Map.of("size", 32, "batchSize", 64, "epochs", 2);
    Map<String, ?> large = Map.of("size", 40, "batchSize", 32, "epochs", 1);
    Map<String, Object> recipe = new HashMap<>();
    recipe.put("architecture", "xresnet18");
    recipe.put("itemSize", 48);
    recipe.put("validateEvery", 2);
    recipe.put("phases", List.of(Map.of("size", 48, "plan", List.of(small, large))));
    recipe.put("augmentation", Map.of("alternateFlip", true, "randomCropPerPicture", true));
    Map<String, ?> request = Map.of("dataset", shapes, "recipe", recipe);
    JsonNode plan = http().post(RUNS + "/validate", request).json();
    assertThat(plan.at("/phases/0/stretches/0/stepsPerEpoch").asInt()).isEqualTo(12);
    assertThat(plan.at("/phases/0/stretches/1/stepsPerEpoch").asInt()).isEqualTo(25);
    assertThat(plan.at("/phases/0/fits").size()).isEqualTo(1);
    assertThat(plan.get("steps").asInt()).isEqualTo(2 * 12 + 25);

    JsonNode ended = finished(http().post(RUNS, request).json());
    String path = RUNS + "/" + ended.get("id").asString();
    JsonNode epochs = http().get(path + "/epochs").json();
    assertThat(epochs.size()).isEqualTo(3);
    assertThat(epochs.get(0).has("accuracy")).isFalse();
    assertThat(epochs.get(0).has("validLoss")).isFalse();
    assertThat(epochs.get(1).get("accuracy").asDouble()).isPositive();
    assertThat(ended.at("/bestEpoch/epoch").asInt()).isIn(1, 2);
    assertThat(ended.at("/progress/step").asInt()).isEqualTo(49);
    assertThat(http().get(path + "/epochs", "Accept", "text/plain").text().lines().toList().get(1))
        .matches("0 +\\d\\.\\d{6} +- +- +00:\\d\\d");
    assertThat(http().get(path + "/epochs", "Accept", "text/csv").text().lines().toList().get(1))
        .matches("1,0,[^,]+,,,.*");
    JsonNode checkpoint =
        http().get("/api/v1/checkpoints/" + ended.get("checkpoint").asString()).json();
    assertThat(checkpoint.at("/preprocessing/size").asInt()).isEqualTo(48);
    JsonNode again = http().post(RUNS + "/validate", request).json();
    assertThat(again.at("/time/seconds").asDouble()).as("both sizes are known now").isPositive();
  }

  @Test
  void refusesMorePhasesThanSense() {
    Map<String, ?> recipe = Map.of("phases", Collections.nCopies(17, Map.of("batchSize", 8)));
    Answer answer = http().post(RUNS, Map.of("dataset", shapes, "recipe", recipe));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("17 entries > maximum 16");
  }

  @Test
  void goesOnFromACheckpointAndTransfersToOtherLabels() {
    JsonNode first = finished(submit(shapes, null, Map.of()));
    assertThat(first.get("warnings").size()).isZero();
    String checkpoint = first.get("checkpoint").asString();
    double reached = first.at("/bestEpoch/accuracy").asDouble();
    assertThat(reached).isGreaterThan(0.3);

    // A tiny rate: what the first epoch reaches is what the checkpoint knew.
    Map<String, Object> still = Map.of("phases[0].learningRate", 1e-7, "phases[0].epochs", 1);
    JsonNode again = submit(shapes, checkpoint, still);
    assertThat(again.get("from").asString()).isEqualTo(checkpoint);
    JsonNode went = finished(again);
    assertThat(went.at("/bestEpoch/accuracy").asDouble()).isGreaterThan(reached - 0.15);
    JsonNode fresh = finished(submit(shapes, null, still));
    assertThat(fresh.at("/bestEpoch/accuracy").asDouble()).isLessThan(0.3);

    JsonNode plan =
        http()
            .post(
                RUNS + "/validate",
                Map.of("dataset", shapes, "recipe", "smoke", "overrides", SMALL))
            .json();
    assertThat(plan.at("/time/seconds").asDouble()).isPositive();
    assertThat(plan.at("/time/device").asString()).isEqualTo("cpu");
    assertThat(plan.at("/time/epochs").asInt()).isGreaterThanOrEqualTo(4);

    assertThat(http().delete("/api/v1/checkpoints/" + checkpoint).status()).isEqualTo(409);
    String path = RUNS + "/" + went.get("id").asString();
    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().delete("/api/v1/checkpoints/" + checkpoint).status()).isEqualTo(204);
  }

  @Test
  void otherLabelsGetANewHeadAndAreTold() {
    UUID three = imported(List.of("ant", "bee", "cat"));
    JsonNode run = submit(shapes, three.toString(), Map.of("phases[0].epochs", 1));
    String warning = run.at("/warnings/0").asString();
    assertThat(warning).contains("head starts anew", "3 labels", "10 in their order");
    JsonNode ended = finished(run);
    assertThat(ended.get("from").asString()).isEqualTo(three.toString());
    String events =
        http()
            .get(
                RUNS + "/" + run.get("id").asString() + "/events", "Accept", "application/x-ndjson")
            .text();
    assertThat(events).contains("head starts anew");
    JsonNode checkpoint =
        http().get("/api/v1/checkpoints/" + ended.get("checkpoint").asString()).json();
    assertThat(checkpoint.get("labels").size()).isEqualTo(10);
  }

  @Test
  void refusesCheckpointsThatDoNotFit() {
    UUID known = imported(List.of("ant", "bee"));
    Map<String, Object> request = new HashMap<>(Map.of("dataset", shapes, "recipe", "progressive"));
    request.put("from", known);
    request.put("overrides", Map.of("architecture", "xresnet50"));
    Answer other = http().post(RUNS, request);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().at("/errors/0/field").asString()).isEqualTo("from");
    assertThat(other.text()).contains("is a xresnet18, the recipe wants xresnet50");
    request.put("from", UUID.randomUUID());
    assertThat(http().post(RUNS, request).status()).isEqualTo(404);
    request.put("from", "no id");
    assertThat(http().post(RUNS, request).status()).isEqualTo(422);
  }

  private UUID imported(List<String> labels) {
    return checkpoints
        .save(store.write(States.manifest(labels, null), States.xresnet18(labels.size(), 7)))
        .id();
  }

  @Test
  void wantsADatasetThatIsReady() {
    UUID importing = Rows.dataset(jdbc, "IMPORTING");
    Answer answer =
        http().post(RUNS + "/validate", Map.of("dataset", importing, "recipe", "smoke"));
    assertThat(answer.status()).isEqualTo(409);
  }

  private JsonNode submit(UUID dataset, String from, Map<String, Object> overrides) {
    Map<String, Object> all = new HashMap<>(SMALL);
    all.putAll(overrides);
    Map<String, Object> request = new HashMap<>();
    request.put("dataset", dataset);
    request.put("recipe", "smoke");
    request.put("overrides", all);
    request.put("from", from);
    Answer answer = http().post(RUNS, request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json();
  }

  private JsonNode finished(JsonNode run) {
    String path = RUNS + "/" + run.get("id").asString();
    await().atMost(Duration.ofMinutes(2)).until(() -> http().get(path).json().has("endedAt"));
    JsonNode ended = http().get(path).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    return ended;
  }
}
