package dev.onecycle.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.TwoColours;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Searches over real trainings of seconds. */
class SearchIT extends OpenServer {

  private static final String SEARCHES = "/api/v1/searches";
  private static final String RATE = "phases[0].learningRate";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Autowired private SearchTurn turns;

  static Map<String, Object> request(UUID dataset, int trials) {
    Map<String, Object> request = new HashMap<>();
    request.put("dataset", dataset);
    request.put("recipe", "smoke");
    request.put(
        "overrides",
        Map.of(
            "architecture", "spine2",
            "itemSize", 32,
            "precision", "float32",
            "phases[0].size", 32,
            "phases[0].batchSize", 16,
            "phases[0].epochs", 4));
    request.put(
        "space", Map.of("phases[0].learningRate", Map.of("min", 1e-7, "max", 1e-2, "log", true)));
    request.put("trials", trials);
    request.put("reduction", 2);
    request.put("name", "rates");
    return request;
  }

  private JsonNode begun(Map<String, ?> request) {
    Answer answer = http().post(SEARCHES, request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json();
  }

  private JsonNode search(String id) {
    return http().get(SEARCHES + "/" + id).json();
  }

  @Test
  void halvesItsTrialsUntilTheBestHaveComeToTheEnd() throws IOException {
    JsonNode begun = begun(request(TwoColours.into(http()), 4));
    String id = begun.get("id").asString();
    assertThat(begun.get("rungs").toString()).isEqualTo("[1,4]");
    assertThat(begun.get("trials").size()).isEqualTo(4);
    assertThat(http().delete(SEARCHES + "/" + id).status()).isEqualTo(409);
    await().atMost(PATIENCE).until(() -> search(id).has("endedAt"));

    JsonNode ended = search(id);
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    List<JsonNode> board = ended.get("trials").valueStream().toList();
    assertThat(board.stream().map(trial -> trial.get("scores").size())).containsExactly(2, 2, 1, 1);
    JsonNode best = board.get(0);
    assertThat(best.get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(best.has("checkpoint")).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(search(id).get("trials").valueStream().skip(2))
                    .allMatch(trial -> trial.get("state").asString().equals("CANCELLED")));
    for (JsonNode trial : board) {
      assertScoresAreItsEpochs(trial);
      assertDrewWhatItTrained(trial);
    }
    assertThat(board.get(1).get("state").asString()).isEqualTo("SUCCEEDED");
    double second = board.get(1).at("/scores/1").asDouble();
    assertThat(best.at("/scores/1").asDouble()).isGreaterThanOrEqualTo(second);

    assertThat(http().post(SEARCHES + "/" + id + "/cancel", "").status()).isEqualTo(409);
    assertThat(http().get(SEARCHES).text()).contains(id);
    assertThat(http().delete(SEARCHES + "/" + id).status()).isEqualTo(204);
    assertThat(http().get(SEARCHES + "/" + id).status()).isEqualTo(404);
    assertThat(run(best).get("state").asString()).isEqualTo("SUCCEEDED");
  }

  private JsonNode run(JsonNode trial) {
    return http().get("/api/v1/runs/" + trial.get("run").asString()).json();
  }

  private void assertScoresAreItsEpochs(JsonNode trial) {
    String path = "/api/v1/runs/" + trial.get("run").asString() + "/epochs";
    List<JsonNode> epochs = http().get(path).json().valueStream().toList();
    int[] rungs = {1, 4};
    for (int rung = 0; rung < trial.get("scores").size(); rung++) {
      assertThat(trial.get("scores").get(rung).asDouble())
          .isEqualTo(epochs.get(rungs[rung] - 1).get("accuracy").asDouble());
    }
  }

  private void assertDrewWhatItTrained(JsonNode trial) {
    double drawn = trial.get("settings").get("phases[0].learningRate").asDouble();
    assertThat(drawn).isBetween(1e-7, 1e-2);
    assertThat(run(trial).at("/recipe/phases/0/learningRate").asDouble()).isEqualTo(drawn);
    assertThat(run(trial).get("tags").toString()).contains("search");
  }

  private JsonNode begunWithAnHour() throws IOException {
    Map<String, Object> request = request(TwoColours.into(http()), 9);
    request.put("budget", "1h");
    request.put("reduction", 3);
    JsonNode begun = begun(request);
    assertThat(seconds(begun, "createdAt", "endsAt")).isEqualTo(3_600);
    String id = begun.get("id").asString();
    await().atMost(PATIENCE).until(() -> !search(id).at("/trials/0/scores").isEmpty());
    return begun;
  }

  /** Takes a turn as if so much of the search's time were left. */
  private void turn(JsonNode search, Duration left) {
    Instant now = Instant.parse(search.get("endsAt").asString()).minus(left);
    turns.take(UUID.fromString(search.get("id").asString()), now);
  }

  private JsonNode awaitedEnd(JsonNode search) {
    String id = search.get("id").asString();
    await()
        .atMost(PATIENCE)
        .until(() -> search(id).get("trials").valueStream().allMatch(t -> run(t).has("endedAt")));
    await().until(() -> search(id).has("endedAt"));
    return search(id);
  }

  /** When it is time, all but the best so far are cancelled, and that comes to its end. */
  @Test
  void theBestSoFarHasTheTimeThatItNeeds() throws IOException {
    JsonNode begun = begunWithAnHour();
    turn(begun, Duration.ofMillis(1));
    JsonNode ended = awaitedEnd(begun);
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(ended.at("/trials/0/state").asString()).isEqualTo("SUCCEEDED");
    assertThat(ended.at("/trials/0/scores").size()).isEqualTo(begun.get("rungs").size());
    assertThat(ended.get("trials").valueStream().filter(t -> !t.get("scores").isEmpty()))
        .as("there was no time for the others")
        .hasSizeLessThan(9);
  }

  @Test
  void endsWhenItsTimeIsUp() throws IOException {
    JsonNode begun = begunWithAnHour();
    turn(begun, Duration.ZERO);
    assertThat(search(begun.get("id").asString()).get("state").asString()).isEqualTo("SUCCEEDED");
    JsonNode best = awaitedEnd(begun).at("/trials/0");
    assertThat(best.get("state").asString()).isEqualTo("CANCELLED");
    String model = "/api/v1/models/best-in-time";
    Map<String, ?> checkpoint = Map.of("checkpoint", best.get("checkpoint").asString());
    assertThat(http().put(model, checkpoint).status()).isEqualTo(201);
    assertThat(http().delete(model).status()).isEqualTo(204);
  }

  @Test
  void hasNothingWhereItsTimeIsUpBeforeAnyTrialCameAnywhere() throws IOException {
    Map<String, Object> request = request(TwoColours.into(http()), 2);
    request.put("budget", "1h");
    JsonNode begun = begun(request);
    turn(begun, Duration.ZERO);
    assertThat(awaitedEnd(begun).get("state").asString()).isEqualTo("FAILED");
  }

  /** Without its time it would take minutes. */
  @Tag("proof")
  @Test
  void endsInTimeWithTheBestSoFar() throws IOException {
    Map<String, Object> request = request(SampleImport.into(http()), 9);
    request.put("budget", "60s");
    request.put("overrides", Map.of("phases[0].epochs", 30));
    JsonNode begun = begun(request);
    String id = begun.get("id").asString();
    await().atMost(PATIENCE).until(() -> search(id).has("endedAt"));
    JsonNode ended = search(id);
    System.out.println(ended.toPrettyString());
    assertThat(seconds(ended, "createdAt", "endedAt")).isLessThan(60 + 3);
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(ended.at("/trials/0").has("checkpoint")).isTrue();
  }

  /** On the sample pictures; every rate of the grid is trained to its end. */
  @Tag("proof")
  @Test
  void thirtyTrialsFindTheLearningRateOfAFullGrid() {
    UUID dataset = SampleImport.into(http());
    Map<String, Object> overrides =
        Map.of(
            "itemSize", 32,
            "validateEvery", 1,
            "phases[0].size", 32,
            "phases[0].epochs", 9);
    Map<Double, String> grid = new TreeMap<>();
    for (double rate = 1e-4; rate < 0.5; rate *= 2) {
      Map<String, Object> each = new HashMap<>(overrides);
      each.put("phases[0].learningRate", rate);
      Map<String, ?> asked = Map.of("dataset", dataset, "recipe", "label-check", "overrides", each);
      grid.put(rate, http().post("/api/v1/runs", asked).json().get("id").asString());
    }
    Map<String, Object> asked = new HashMap<>();
    asked.put("dataset", dataset);
    asked.put("recipe", "label-check");
    asked.put("overrides", overrides);
    asked.put("space", Map.of(RATE, Map.of("min", 1e-4, "max", 0.5, "log", true)));
    asked.put("trials", 30);
    asked.put("metric", "validLoss");
    String id = begun(asked).get("id").asString();
    await().atMost(Duration.ofMinutes(30)).until(() -> search(id).has("endedAt"));
    JsonNode found = search(id).at("/trials/0");
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<Double, String> each : grid.entrySet()) {
      JsonNode epochs = http().get("/api/v1/runs/" + each.getValue() + "/epochs").json();
      double loss = epochs.get(epochs.size() - 1).get("validLoss").asDouble();
      System.out.printf("%.4f: %.4f after %d epochs%n", each.getKey(), loss, epochs.size());
      if (loss < least) {
        least = loss;
        best = each.getKey();
      }
    }
    double rate = found.get("settings").get(RATE).asDouble();
    System.out.printf("found %.4f: %s%n", rate, found.get("scores"));
    assertThat(rate).isBetween(best / 2, best * 2);
  }

  private static double seconds(JsonNode search, String from, String to) {
    Instant begin = Instant.parse(search.get(from).asString());
    return Duration.between(begin, Instant.parse(search.get(to).asString())).toMillis() / 1e3;
  }

  @Test
  void isCancelledWithAllOfItsRuns() throws IOException {
    Map<String, Object> request = request(TwoColours.into(http()), 3);
    Answer first = http().post(SEARCHES, request, "Idempotency-Key", "search-1");
    Answer again = http().post(SEARCHES, request, "Idempotency-Key", "search-1");
    String id = first.json().get("id").asString();
    assertThat(again.json().get("id").asString()).isEqualTo(id);
    request.put("trials", 4);
    Answer other = http().post(SEARCHES, request, "Idempotency-Key", "search-1");
    assertThat(other.status()).isEqualTo(409);
    JsonNode trials = first.json().get("trials");
    http().post("/api/v1/runs/" + trials.at("/2/run").asString() + "/cancel", "");
    await()
        .untilAsserted(
            () ->
                assertThat(http().delete("/api/v1/runs/" + trials.at("/2/run").asString()).status())
                    .isEqualTo(204));
    assertThat(http().post(SEARCHES + "/" + id + "/cancel", "").status()).isEqualTo(200);
    assertThat(http().post(SEARCHES + "/" + id + "/cancel", "").status()).isEqualTo(200);
    await()
        .untilAsserted(
            () ->
                assertThat(search(id).get("trials").valueStream())
                    .allMatch(t -> t.path("state").asString("gone").matches("CANCELLED|gone")));
    assertThat(search(id).get("state").asString()).isEqualTo("CANCELLED");
    assertThat(http().delete(SEARCHES + "/" + id).status()).isEqualTo(204);
  }

  private void assertRefused(Map<String, Object> request, int status, String... words) {
    Answer answer = http().post(SEARCHES, request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.text()).contains(words);
  }

  @Test
  void whatCannotBeSearchedIsRefusedAndQueuesNothing() throws IOException {
    UUID dataset = TwoColours.into(http());
    Map<String, Object> backwards = request(dataset, 4);
    backwards.put("space", Map.of("phases[0].learningRate", Map.of("min", 1, "max", 0.1)));
    assertRefused(backwards, 422, "space[phases[0].learningRate].max");
    Map<String, Object> unknown = request(dataset, 4);
    unknown.put("space", Map.of("phases[0].learningrate", Map.of("min", 0.1, "max", 1)));
    assertRefused(unknown, 422, "learningRate");
    Map<String, Object> halves = request(dataset, 4);
    halves.put("space", Map.of("phases[0].batchSize", Map.of("min", 8, "max", 32)));
    assertRefused(halves, 422, "batchSize");
    assertRefused(request(dataset, 1), 422, "trials");
    Map<String, Object> late = request(dataset, 4);
    late.put("budget", Map.of("until", "2020-01-31T12:00:00Z"));
    assertRefused(late, 422, "budget.until", "has passed");
    late.put("budget", "soon");
    assertRefused(late, 422, "budget.time");
    assertRefused(request(UUID.randomUUID(), 4), 404, "dataset");
    assertThat(
            http()
                .get("/api/v1/runs?dataset=" + dataset + "&kind=train")
                .json()
                .get("count")
                .asInt())
        .isZero();
    assertThat(http().get(SEARCHES + "/" + UUID.randomUUID()).status()).isEqualTo(404);
  }
}
