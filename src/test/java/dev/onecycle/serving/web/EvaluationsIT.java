package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A model is judged on labelled pictures, and what that teaches calibrates its predictions. */
class EvaluationsIT extends OpenServer {

  private static final String MODEL = "judged";
  private static final String ROUTE = "evaluations";
  private static final Map<String, ?> SMALL =
      Map.of(
          "itemSize", 40,
          "phases[0].size", 32,
          "phases[0].batchSize", 16,
          "phases[0].epochs", 1);

  private static UUID dataset;
  private static UUID training;
  private static UUID checkpoint;

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private ObjectProvider<Torch> engine;

  private ModelRuns runs;

  @BeforeEach
  void train() {
    runs = new ModelRuns(http());
    if (dataset == null) {
      dataset = SampleImport.into(http());
      Map<String, ?> request = Map.of("dataset", dataset, "recipe", "smoke", "overrides", SMALL);
      String id = http().post("/api/v1/runs", request).json().get("id").asString();
      training = UUID.fromString(id);
      runs.awaitState(training, "SUCCEEDED");
      checkpoint = UUID.fromString(runs.show(training).get("checkpoint").asString());
      runs.publish(MODEL, checkpoint);
    }
  }

  private JsonNode evaluate(String model, Map<String, ?> request) {
    UUID run = runs.submit(model, ROUTE, request);
    runs.awaitState(run, "SUCCEEDED");
    return http().get(ModelRuns.path(run) + "/evaluation").json();
  }

  private JsonNode temperature(UUID of) {
    return show(of).get("temperature");
  }

  private JsonNode show(UUID of) {
    return http().get("/api/v1/checkpoints/" + of).json();
  }

  /** The same weights under other words. */
  private UUID relabelled(List<String> labels) {
    LoadedCheckpoint loaded = store.load(checkpoint);
    Manifest manifest =
        new Manifest(
            loaded.manifest().network(),
            labels,
            loaded.manifest().preprocessing(),
            null,
            null,
            null);
    Checkpoint saved = checkpoints.save(store.write(manifest, loaded.state()));
    return saved.id();
  }

  @Test
  void theTrainingsOwnPicturesGetTheTrainingsOwnEvaluation() {
    JsonNode before = http().get(ModelRuns.path(training) + "/evaluation").json();
    assertThat(temperature(checkpoint).get("run").asString()).isEqualTo(training.toString());
    assertThat(temperature(checkpoint).get("value"))
        .isEqualTo(before.at("/calibration/temperature"));

    JsonNode found = evaluate(MODEL, Map.of("dataset", dataset, "tta", "flip"));
    assertThat(found.get("pictures").asInt()).isEqualTo(200);
    assertThat(found.get("checkpoint").asString()).isEqualTo(checkpoint.toString());
    assertThat(found.get("phase")).isEqualTo(before.get("phase"));
    assertThat(found.get("epoch")).isEqualTo(before.get("epoch"));
    assertThat(found.get("leaky").asBoolean()).isFalse();
    for (String number : List.of("accuracy", "loss")) {
      assertThat(found.get(number).asDouble())
          .as(number)
          .isCloseTo(before.get(number).asDouble(), within(0.02));
    }
    assertThat(found.at("/confusionMatrix/labels")).isEqualTo(before.at("/confusionMatrix/labels"));
    assertThat(found.get("labels")).hasSize(10);
    assertThat(found.get("topLosses")).hasSize(25);
    assertThat(http().get(found.at("/topLosses/0/image").asString()).status()).isEqualTo(200);
    assertThat(found.at("/tta/choices")).hasSize(1);
    assertThat(found.at("/tta/choices/0/tta").asString()).isEqualTo("flip");
    double menu = before.at("/tta/choices/1/accuracy").asDouble();
    assertThat(found.get("ttaAccuracy").asDouble()).isCloseTo(menu, within(0.02));
    assertThat(temperature(checkpoint).get("run")).isEqualTo(found.get("run"));
    assertThat(temperature(checkpoint).get("value").asDouble())
        .isCloseTo(before.at("/calibration/temperature").asDouble(), within(0.05));
  }

  @Test
  void picturesThatItWasTrainedOnCalibrateNothing() {
    JsonNode before = temperature(checkpoint);
    JsonNode found = evaluate(MODEL, Map.of("dataset", dataset, "split", "train"));
    assertThat(found.get("pictures").asInt()).isEqualTo(800);
    assertThat(found.get("leaky").asBoolean()).isTrue();
    assertThat(found.has("ttaAccuracy")).isFalse();
    assertThat(temperature(checkpoint).get("pictures")).isEqualTo(before.get("pictures"));
  }

  @Test
  void labelsAreTheSameByTheirNames() {
    List<String> labels = new ArrayList<>(store.get(checkpoint).manifest().labels());
    Collections.rotate(labels, -1);
    runs.publish("judged-rotated", relabelled(labels));
    JsonNode rotated = evaluate("judged-rotated", Map.of("dataset", dataset));
    JsonNode straight = evaluate(MODEL, Map.of("dataset", dataset));
    assertThat(cells(rotated, 1)).isNotEmpty().isEqualTo(cells(straight, 0));
    assertThat(rotated.has("phase")).isFalse();

    labels.set(0, "hexagram");
    labels.set(1, "spiral");
    runs.publish("judged-wrong", relabelled(labels));
    Answer refused =
        http().post("/api/v1/models/judged-wrong/evaluations", Map.of("dataset", dataset));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").asString())
        .startsWith("2 of the dataset's 10 labels are none of the model's 10: ");
    assertThat(refused.json().get("fix").asString()).contains("hexagram");
  }

  /** How often each pair of labels was met, the row's number turned by so many. */
  private static Map<List<Integer>, Integer> cells(JsonNode found, int turned) {
    Map<List<Integer>, Integer> cells = new HashMap<>();
    for (JsonNode cell : found.at("/confusionMatrix/cells")) {
      int actual = (cell.get("actual").asInt() + turned) % 10;
      cells.put(List.of(actual, cell.get("predicted").asInt()), cell.get("count").asInt());
    }
    return cells;
  }

  @Test
  void calibratedProbabilitiesKeepTheirOrder() {
    byte[] picture = Drawings.png(160, 120, false);
    String route = "/api/v1/models/" + MODEL + "/predictions?topK=10";
    List<JsonNode> plain = predictions(http().post(route, "image/png", picture));
    List<JsonNode> calibrated =
        predictions(http().post(route + "&calibrated=true", "image/png", picture));
    assertThat(labels(calibrated)).isEqualTo(labels(plain));

    double temperature = temperature(checkpoint).get("value").asDouble();
    double[] powers = plain.stream().mapToDouble(p -> Math.pow(p(p), 1 / temperature)).toArray();
    double sum = 0;
    for (double power : powers) {
      sum += power;
    }
    for (int k = 0; k < 10; k++) {
      assertThat(p(calibrated.get(k))).isCloseTo(powers[k] / sum, within(1e-6));
    }
  }

  private static List<JsonNode> predictions(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().get("predictions").valueStream().toList();
  }

  private static List<String> labels(List<JsonNode> predictions) {
    return predictions.stream().map(p -> p.get("label").asString()).toList();
  }

  private static double p(JsonNode prediction) {
    return prediction.get("probability").asDouble();
  }

  @Test
  void whatNobodyEvaluatedCannotBeCalibratedUntilSomebodyDoes() {
    UUID foreign = relabelled(store.get(checkpoint).manifest().labels());
    runs.publish("judged-foreign", foreign);
    byte[] picture = Drawings.png(160, 120, true);
    String route = "/api/v1/models/judged-foreign/predictions?calibrated=true";
    Answer refused = http().post(route, "image/png", picture);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("fix").asString()).contains("/evaluations");
    String direct = "/api/v1/checkpoints/" + foreign + "/predictions?calibrated=true";
    assertThat(http().post(direct, "image/png", picture).status()).isEqualTo(409);

    evaluate("judged-foreign", Map.of("dataset", dataset));
    assertThat(predictions(http().post(route, "image/png", picture))).hasSize(5);
    UUID run =
        runs.submit(
            "judged-foreign",
            "batch-predictions",
            Map.of("dataset", dataset, "split", "valid", "calibrated", true));
    runs.awaitState(run, "SUCCEEDED");
    assertThat(runs.show(run).at("/options/temperature"))
        .isEqualTo(temperature(foreign).get("value"));
  }

  @Test
  void whatPredictsInEightBitsIsFoundOutOfWeightsFromElsewhere() {
    assumeTrue(engine.getObject().multipliesInt8(Device.CPU));
    UUID foreign = relabelled(store.get(checkpoint).manifest().labels());
    assertThat(show(foreign).has("quantization")).isFalse();
    runs.publish("judged-rounded", foreign);
    evaluate("judged-rounded", Map.of("dataset", dataset));
    JsonNode found = show(foreign).get("quantization");
    assertThat(found.get("pictures").asInt()).isEqualTo(256);
    assertThat(found).isEqualTo(show(checkpoint).get("quantization"));
  }

  @Test
  void theSameKeyIsTheSameEvaluationEvenAfterItIsGone() {
    String route = "/api/v1/models/" + MODEL + "/evaluations";
    Map<String, ?> request = Map.of("dataset", dataset);
    String[] key = {"Idempotency-Key", "judging-1"};
    UUID run = UUID.fromString(http().post(route, request, key).json().get("id").asString());
    assertThat(http().post(route, Map.of("dataset", dataset, "tta", "flip"), key).status())
        .isEqualTo(409);
    runs.awaitState(run, "SUCCEEDED");
    assertThat(http().delete(ModelRuns.path(run)).status()).isEqualTo(204);
    assertThat(http().post(route, request, key).status()).isEqualTo(404);
    String nobodys = "/api/v1/models/nobody/evaluations";
    assertThat(http().post(nobodys, request).status()).isEqualTo(404);
  }

  @Test
  void anEvaluationHasNoPredictionsAndABatchPredictionNoEvaluation() {
    UUID judging = runs.submit(MODEL, ROUTE, Map.of("dataset", dataset));
    UUID predicting = runs.submit(MODEL, "batch-predictions", Map.of("dataset", dataset));
    assertThat(runs.predictions(judging).status()).isEqualTo(404);
    assertThat(http().get(ModelRuns.path(predicting) + "/evaluation").status()).isEqualTo(404);
    http().post(ModelRuns.path(predicting) + "/cancel", "");
    runs.awaitState(judging, "SUCCEEDED");
  }
}
