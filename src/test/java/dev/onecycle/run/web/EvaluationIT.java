package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run leaves for those who judge it: its evaluation, or a sweep's curve. */
class EvaluationIT extends OpenServer {

  private static final String API = "/api/v1";
  private static final Map<String, ?> SMALL =
      Map.of(
          "itemSize", 40,
          "phases[0].size", 32,
          "phases[0].batchSize", 16,
          "phases[0].epochs", 1,
          "tta", Map.of("views", 2, "beta", 0.25));

  private static String dataset;

  /** The bundled drawings, imported once. */
  private String dataset() {
    if (dataset == null) {
      Map<String, ?> request = Map.of("name", "judged", "source", Map.of("type", "sample"));
      String id = http().post(API + "/datasets", request).json().get("id").asString();
      awaitState(API + "/datasets/" + id, "READY");
      dataset = id;
    }
    return dataset;
  }

  private void awaitState(String path, String state) {
    await()
        .atMost(Duration.ofMinutes(2))
        .failFast(() -> state(path).equals("FAILED"))
        .until(() -> state(path).equals(state));
  }

  private String state(String path) {
    return http().get(path).json().get("state").asString();
  }

  private String submit(String route) {
    Map<String, ?> request = Map.of("dataset", dataset(), "recipe", "smoke", "overrides", SMALL);
    Answer accepted = http().post(API + route, request);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    String id = accepted.json().get("id").asString();
    assertThat(accepted.header("Location")).isEqualTo(API + route + "/" + id);
    return id;
  }

  @Test
  void aRunIsEvaluatedOnItsBestWeightsAndTestTimeAugmentationStandsApart() {
    String run = API + "/runs/" + submit("/runs");
    Answer early = http().get(run + "/evaluation");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.json().get("detail").asString()).contains("only runs that SUCCEEDED");
    assertThat(http().get(run + "/evaluation/pictures").status()).isEqualTo(409);
    awaitState(run, "SUCCEEDED");

    JsonNode shown = http().get(run).json();
    JsonNode found = http().get(run + "/evaluation").json();
    assertThat(found.get("pictures").asInt()).isEqualTo(200);
    assertThat(found.get("accuracy")).isEqualTo(shown.at("/bestEpoch/accuracy"));
    assertThat(found.get("phase").asInt()).isEqualTo(1);
    assertThat(found.get("epoch").asInt()).isZero();
    checkScores(found);
    checkMenu(found);
    checkPictures(run, found);
    assertThat(messages(http().get(run + "/log").json())).isEqualTo(said(run));

    double ttaAccuracy = found.get("ttaAccuracy").asDouble();
    assertThat(shown.get("ttaAccuracy").asDouble()).isEqualTo(ttaAccuracy);
    assertThat(found.get("checkpoint")).isEqualTo(shown.get("checkpoint"));
    JsonNode kept = http().get(API + "/checkpoints?run=" + shown.get("id").asString()).json();
    assertThat(kept.get("items")).hasSize(1);
    JsonNode metrics = kept.at("/items/0/metrics");
    assertThat(metrics.get("ttaAccuracy").asDouble()).isEqualTo(ttaAccuracy);
    assertThat(metrics.get("accuracy")).isEqualTo(found.get("accuracy"));

    assertThat(http().delete(run).status()).isEqualTo(204);
    assertThat(http().get(run + "/evaluation").status()).isEqualTo(404);
  }

  private static List<String> messages(JsonNode log) {
    return log.valueStream().map(line -> line.get("message").asString()).toList();
  }

  /** What the run's events of type log say. */
  private List<String> said(String run) {
    return http()
        .get(run + "/events", "Last-Event-ID", "0", "Accept", "application/x-ndjson")
        .text()
        .lines()
        .map(JsonMapper.shared()::readTree)
        .filter(event -> event.get("type").asString().equals("log"))
        .map(event -> event.at("/data/message").asString())
        .toList();
  }

  /** The cells of the matrix open, and together they are all pictures. */
  private void checkPictures(String run, JsonNode found) {
    String pictures = run + "/evaluation/pictures";
    JsonNode first = http().get(pictures + "?limit=120").json();
    JsonNode rest =
        http().get(pictures + "?limit=120&cursor=" + first.get("nextCursor").asString()).json();
    assertThat(first.get("items").size() + rest.get("items").size()).isEqualTo(200);
    assertThat(first.at("/items/0/image")).isEqualTo(found.at("/topLosses/0/image"));
    JsonNode pair = found.at("/mostConfused/0");
    String cell =
        "?actual="
            + pair.get("actual").asString()
            + "&predicted="
            + pair.get("predicted").asString();
    JsonNode shown = http().get(pictures + cell).json().get("items");
    assertThat(shown).hasSize(pair.get("count").asInt());
    shown.forEach(each -> assertThat(each.get("predicted")).isEqualTo(pair.get("predicted")));
    assertThat(http().get(pictures + "?actual=nobody").status()).isEqualTo(422);
  }

  private void checkScores(JsonNode found) {
    int right = 0;
    int all = 0;
    for (JsonNode cell : found.at("/confusionMatrix/cells")) {
      right += cell.get("actual").equals(cell.get("predicted")) ? cell.get("count").asInt() : 0;
      all += cell.get("count").asInt();
    }
    for (int actual = 0; actual < 10; actual++) {
      assertThat(found.at("/labels/" + actual + "/support").asInt()).isEqualTo(20);
    }
    assertThat(all).isEqualTo(200);
    assertThat(right / 200.0).isCloseTo(found.get("accuracy").asDouble(), within(1e-9));
    assertThat(found.at("/mostConfused/0/count").asInt()).isPositive();
    assertThat(found.at("/calibration/temperature").asDouble()).isPositive();
    assertThat(found.get("topLosses")).hasSize(25);
    JsonNode worst = found.at("/topLosses/0");
    assertThat(worst.get("actual")).isNotEqualTo(worst.get("predicted"));
    String image = worst.get("image").asString();
    assertThat(http().get(image + "?size=64").header("Content-Type")).isEqualTo("image/jpeg");
    String listed = API + "/datasets/" + dataset + "/images?split=valid&limit=500&label=";
    assertThat(http().get(listed + worst.get("actual").asString()).json().get("items"))
        .anySatisfy(item -> assertThat(image).endsWith("/images/" + item.get("id").asString()));
  }

  private static void checkMenu(JsonNode found) {
    JsonNode menu = found.get("tta");
    assertThat(menu.get("pictures").asInt()).isEqualTo(200);
    assertThat(menu.get("choices").valueStream().map(choice -> choice.get("tta").asString()))
        .containsExactly("none", "flip", "4", "8");
    assertThat(menu.get("choices").valueStream().map(choice -> choice.get("views").asInt()))
        .containsExactly(1, 2, 5, 9);
    assertThat(menu.at("/choices/0/accuracy")).isEqualTo(found.get("accuracy"));
    double none = menu.at("/choices/0/msPerImage").asDouble();
    assertThat(none).isPositive();
    assertThat(menu.at("/choices/3/msPerImage").asDouble()).isGreaterThan(2 * none);
  }

  @Test
  void aSweepSuggestsLearningRates() {
    String id = submit("/lr-finds");
    String sweep = API + "/lr-finds/" + id;
    awaitState(sweep, "SUCCEEDED");
    JsonNode found = http().get(sweep).json();
    int steps = found.at("/curve/losses").size();
    assertThat(steps).isEqualTo(found.at("/curve/learningRates").size()).isBetween(40, 100);
    assertThat(found.at("/curve/learningRates/0").asDouble()).isEqualTo(1e-7);
    assertThat(found.at("/progress/step").asInt()).isEqualTo(steps);
    for (String rule : List.of("valley", "slide", "minimum", "steep")) {
      assertThat(found.at("/suggestion/" + rule).asDouble()).isBetween(1e-7, 10.0);
    }

    assertThat(http().get(API + "/runs/" + id).json().get("kind").asString()).isEqualTo("lr-find");
    Answer evaluation = http().get(API + "/runs/" + id + "/evaluation");
    assertThat(evaluation.status()).isEqualTo(404);
    assertThat(evaluation.json().get("detail").asString()).contains("is of kind lr-find");
    assertThat(http().delete(API + "/runs/" + id).status()).isEqualTo(204);
    assertThat(http().get(sweep).status()).isEqualTo(404);
  }

  @Test
  void aSweepThatAsksForMoreThanThereIsIsRefused() {
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset(),
            "recipe",
            "smoke",
            "overrides",
            Map.of("phases[0].batchSize", 801));
    Answer refused = http().post(API + "/lr-finds", request);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("detail").asString()).contains("batch 801 > 800");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"recipe\": \"smoke\"}",
        "{\"dataset\": \"%s\"}",
        "{\"dataset\": \"%s\", \"recipe\": \"smokey\"}",
        "{\"dataset\": \"%s\", \"recipe\": \"smoke\", \"colour\": 1}",
        "{\"dataset\": \"%s\", \"recipe\": \"smoke\", \"name\": \"\"}"
      })
  void refusesNonsense(String body) {
    Answer answer = http().post(API + "/lr-finds", body.replace("%s", dataset()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
  }

  @Test
  void thereIsNothingToJudgeWithoutARun() {
    assertThat(http().get(API + "/runs/" + UUID.randomUUID() + "/evaluation").status())
        .isEqualTo(404);
    assertThat(http().get(API + "/lr-finds/" + UUID.randomUUID()).status()).isEqualTo(404);
  }
}
