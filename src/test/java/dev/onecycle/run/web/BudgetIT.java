package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Photographs;
import dev.onecycle.testing.SampleImport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs that are told how long they may take. */
class BudgetIT extends OpenServer {

  private static final String RUNS = "/api/v1/runs";

  /** Small pictures, but so many epochs of them that without a budget they would take minutes. */
  private static final Map<String, Object> SMALL =
      Map.of(
          "itemSize",
          48,
          "phases[0].size",
          40,
          "phases[0].epochs",
          300,
          "phases[0].plan",
          List.of(
              Map.of("size", 32, "batchSize", 32, "epochs", 200),
              Map.of("size", 40, "batchSize", 32, "epochs", 100)));

  private static UUID shapes;

  @BeforeEach
  void pictures() {
    if (shapes == null) {
      shapes = SampleImport.into(http());
    }
  }

  @Test
  void endsInTimeAndSaysWhatItDecided() {
    assertEndsIn(10, SMALL, 20);
  }

  @Tag("proof")
  @ParameterizedTest
  @ValueSource(ints = {8, 15, 30, 60})
  void endsInTime(int seconds) {
    assertEndsIn(seconds, Map.of(), 0);
  }

  @Tag("proof")
  @Test
  void isBetterThanFastCutToItsTime() {
    assertIsBetterThanFast(shapes, 15, 30, 60);
  }

  /** The same of 2,000 of the pictures below the directory that {@code BENCH_PICTURES} names. */
  @Tag("proof")
  @Test
  void isBetterThanFastCutToItsTimeOnPhotographs() throws IOException {
    assertIsBetterThanFast(Photographs.into(http(), HOME.resolve("pictures"), 2_000), 45, 90, 150);
  }

  /** One whole run of fast, and where it was after each of these times. */
  private void assertIsBetterThanFast(UUID dataset, int... budgets) {
    Map<String, ?> validates = Map.of("validateEvery", 1);
    String fast = submit(Map.of("dataset", dataset, "overrides", validates, "recipe", "fast"));
    assertThat(ended(fast).get("state").asString()).isEqualTo("SUCCEEDED");
    JsonNode epochs = http().get(RUNS + "/" + fast + "/epochs").json();
    for (int seconds : budgets) {
      double cut = 0;
      double passed = 0;
      for (JsonNode epoch : epochs) {
        passed += epoch.get("seconds").asDouble();
        cut = passed <= seconds ? epoch.get("accuracy").asDouble() : cut;
      }
      String run = submit(Map.of("dataset", dataset, "budget", seconds + "s"));
      JsonNode ended = assertEndedIn(run, seconds, 0);
      double accuracy = ended.at("/bestEpoch/accuracy").asDouble();
      System.out.printf(
          "%d s: accuracy %.3f, of fast cut then %.3f (whole: %.0f s)%n",
          seconds, accuracy, cut, passed);
      assertThat(passed)
          .as("what fast takes: %d s cut nothing off", seconds)
          .isGreaterThan(seconds);
      assertThat(accuracy).as("%d s", seconds).isGreaterThan(cut);
    }
  }

  /** Another process takes a core from the middle on. */
  @Tag("proof")
  @Test
  void endsInTimeOnAMachineThatBecomesSlower() throws IOException {
    String run = submit(Map.of("budget", "60s"));
    await().until(() -> get(run).has("progress"));
    Instant middle = instant(get(run), "startedAt").plusSeconds(30);
    await().until(() -> Instant.now().isAfter(middle));
    Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    try {
      assertEndedIn(run, 60, 0);
    } finally {
      busy.destroy();
    }
  }

  /**
   * @param more seconds for a machine on which other tests run as well
   */
  private void assertEndsIn(int seconds, Map<String, ?> overrides, double more) {
    String run = submit(Map.of("budget", seconds + "s", "overrides", overrides));
    JsonNode ended = assertEndedIn(run, seconds, more);
    assertThat(ended.at("/recipe/budget/time").asString()).isEqualTo(seconds + "s");
    assertThat(said(run)).anyMatch(line -> line.startsWith("budget: "));
  }

  private JsonNode assertEndedIn(String run, int seconds, double more) {
    JsonNode ended = ended(run);
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    double took =
        Duration.between(instant(ended, "startedAt"), instant(ended, "endedAt")).toMillis() / 1e3;
    assertThat(took).as("%s", said(run)).isLessThanOrEqualTo(seconds * 1.05 + more);
    JsonNode progress = ended.get("progress");
    assertThat(progress.get("step").asLong()).isEqualTo(progress.get("steps").asLong());
    assertThat(progress.get("step").asLong()).isGreaterThan(1);
    return ended;
  }

  @Test
  void pausedItKeepsItsTime() {
    String run = submit(Map.of("budget", "10s", "overrides", SMALL));
    await().until(() -> get(run).has("progress"));
    assertThat(http().post(RUNS + "/" + run + "/pause", "").status()).isEqualTo(200);
    await().until(() -> get(run).get("state").asString().equals("PAUSED"));
    assertThat(http().post(RUNS + "/" + run + "/resume", "").status()).isEqualTo(200);
    JsonNode ended = ended(run);
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    assertThat(ended.get("attempt").asInt()).isEqualTo(2);
    assertThat(ended.at("/resumedFrom/step").asLong()).isPositive();
    assertThat(said(run).stream().filter(line -> line.startsWith("budget: ")))
        .as("measured once")
        .hasSize(1);
  }

  @Test
  void aPlanSaysWhatThereIsToSpend() {
    JsonNode plan = valid(Map.of("budget", Map.of("time", "90s")));
    assertThat(plan.at("/budget/seconds").asDouble()).isEqualTo(90);
    assertThat(plan.at("/recipe/architecture").asString()).isEqualTo("spine2");
    JsonNode until = valid(Map.of("budget", Map.of("until", Instant.now().plusSeconds(600) + "")));
    assertThat(until.at("/budget/seconds").asDouble()).isBetween(400.0, 600.0);
    assertThat(valid(Map.of("recipe", "fast")).has("budget")).isFalse();
  }

  /** What earlier epochs took says how many fit, also in a size that none of them had. */
  @Test
  void aPlanIsWhatFitsWhereTheSpeedIsKnown() {
    Map<String, Object> once = new HashMap<>(SMALL);
    once.put("phases[0].plan", List.of(Map.of("size", 32, "batchSize", 32, "epochs", 1)));
    once.put("phases[0].epochs", 1);
    once.put("activation", "gelu");
    assertThat(ended(submit(Map.of("recipe", "fast", "overrides", once))).get("state").asString())
        .isEqualTo("SUCCEEDED");
    Map<String, Object> small = new HashMap<>(SMALL);
    small.put("activation", "gelu");
    JsonNode minute = valid(Map.of("budget", "1m", "overrides", small));
    JsonNode hour = valid(Map.of("budget", "1h", "overrides", small));
    assertThat(minute.at("/budget/known").asBoolean()).isTrue();
    assertThat(minute.get("steps").asLong()).isPositive().isLessThan(hour.get("steps").asLong());
    assertThat(hour.at("/phases/0/stretches/0/size").asInt()).isEqualTo(32);
    assertThat(hour.at("/phases/0/fits/0/steps").asLong()).isEqualTo(hour.get("steps").asLong());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"time": "soon"}                      | budget.time  | must be such as 90s
          {"time": "0s"}                        | budget.time  | 0s < minimum 1s
          {"time": "31d"}                       | budget.time  | 31d > maximum 30d
          {"time": "1m", "until": "2030-01-31T12:00:00Z"} | budget.time | give one of time and until
          {"time": null}                        | budget.time  | give one of time and until
          {"until": "-999999999-01-01T00:00:00Z"} | budget.until | has passed
          {"until": "tomorrow"}                 | budget.until | must be a moment
          {"until": "2020-01-31T12:00:00Z"}     | budget.until | has passed
          {"times": "1m"}                       | budget.times | unknown field
          7                                     | budget       | must be an object
          """)
  void refusesWhatIsNoTime(String budget, String field, String message) {
    Map<String, ?> request =
        Map.of("dataset", shapes, "budget", JsonMapper.shared().readTree(budget));
    for (String route : List.of(RUNS, RUNS + "/validate")) {
      Answer answer = http().post(route, request);
      assertThat(answer.status()).as(answer.text()).isEqualTo(422);
      assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
      assertThat(answer.text()).contains(message);
    }
  }

  @Test
  void halvedBatchesWouldBeginAnew() {
    Map<String, ?> halve = Map.of("onOutOfMemory", "halve-batch");
    Answer answer =
        http().post(RUNS, Map.of("dataset", shapes, "budget", "1m", "overrides", halve));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("onOutOfMemory");
    assertThat(http().post(RUNS, Map.of("dataset", shapes)).status()).isEqualTo(422);
  }

  private JsonNode valid(Map<String, ?> more) {
    Map<String, Object> request = new HashMap<>(more);
    request.put("dataset", shapes);
    Answer answer = http().post(RUNS + "/validate", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode get(String run) {
    return http().get(RUNS + "/" + run).json();
  }

  private String submit(Map<String, ?> more) {
    Map<String, Object> request = new HashMap<>(Map.of("dataset", shapes));
    request.putAll(more);
    Answer answer = http().post(RUNS, request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().get("id").asString();
  }

  private JsonNode ended(String run) {
    await()
        .atMost(Duration.ofMinutes(20))
        .until(() -> http().get(RUNS + "/" + run).json().has("endedAt"));
    return http().get(RUNS + "/" + run).json();
  }

  private static Instant instant(JsonNode run, String field) {
    return Instant.parse(run.get(field).asString());
  }

  private List<String> said(String run) {
    return http()
        .get(RUNS + "/" + run + "/events", "Accept", "application/x-ndjson")
        .text()
        .lines()
        .map(JsonMapper.shared()::readTree)
        .filter(event -> event.get("type").asString().equals("log"))
        .map(event -> event.at("/data/message").asString())
        .toList();
  }
}
