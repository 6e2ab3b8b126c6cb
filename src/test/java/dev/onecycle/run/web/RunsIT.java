package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.run.CountingServer;
import dev.onecycle.run.Pool;
import dev.onecycle.run.RunState;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.Http.Answer;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class RunsIT extends CountingServer {

  private static final String RUNS = "/api/v1/runs";

  @Autowired private BlobStore store;

  /** Holds the only slot, so that what is submitted waits. */
  private UUID blocker;

  @BeforeEach
  void block() {
    blocker = submit("{\"epochs\": 1, \"gated\": true}", 100);
    awaitState(blocker, RunState.RUNNING);
  }

  @AfterEach
  void unblock() {
    open(blocker, 1);
    awaitState(blocker, RunState.SUCCEEDED);
  }

  @Test
  void acceptsARunAndShowsIt() {
    UUID dataset = dataset();
    Answer answer =
        http()
            .post(
                RUNS,
                Map.of(
                    "dataset",
                    dataset,
                    "recipe",
                    "smoke",
                    "overrides",
                    Map.of("phases[0].epochs", 2),
                    "tags",
                    List.of("b", "a"),
                    "priority",
                    7,
                    "seed",
                    5));
    assertThat(answer.status()).isEqualTo(202);
    JsonNode run = answer.json();
    assertThat(answer.header("Location")).isEqualTo(RUNS + "/" + run.get("id").asString());
    assertThat(run.get("state").asString()).isEqualTo("QUEUED");
    assertThat(run.get("kind").asString()).isEqualTo("train");
    assertThat(run.get("name").asString()).isEqualTo("smoke");
    assertThat(run.get("dataset").asString()).isEqualTo(dataset.toString());
    assertThat(run.at("/recipe/phases/0/epochs").asInt()).isEqualTo(2);
    assertThat(run.at("/recipe/seed").asInt()).isEqualTo(5);
    assertThat(run.get("seed").asInt()).isEqualTo(5);
    assertThat(run.get("queuePosition").asInt()).isEqualTo(1);
    assertThat(run.at("/transitions/0/state").asString()).isEqualTo("QUEUED");
    assertThat(http().get(answer.header("Location")).json()).isEqualTo(run);
    cancel(run);
  }

  @Test
  void theSameKeyMakesOneRun() {
    Map<String, ?> request = Map.of("dataset", dataset(), "recipe", "smoke");
    String key = UUID.randomUUID().toString();
    Answer first = http().post(RUNS, request, "Idempotency-Key", key);
    Answer again = http().post(RUNS, request, "Idempotency-Key", key);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    Map<String, ?> other = Map.of("dataset", dataset(), "recipe", "baseline");
    assertThat(http().post(RUNS, other, "Idempotency-Key", key).status()).isEqualTo(409);
    cancel(first.json());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"recipe": "smoke"}                                                      | 422 | dataset
          {"dataset": "%s"}                                                        | 422 | recipe
          {"dataset": "%s", "recipe": "smokey"}                                    | 422 | smoke
          {"dataset": "%s", "recipe": {"architectur": "xresnet18"}}                | 422 | architecture
          {"dataset": "%s", "recipe": "smoke", "overrides": {"phases[7].size": 1}} | 422 | phases[7]
          {"dataset": "%s", "recipe": "smoke", "priority": 101}                    | 422 | priority
          {"dataset": "%s", "recipe": "smoke", "name": "a\\nb"}                    | 422 | name
          {"dataset": "%s", "recipe": "smoke", "tags": [""]}                       | 422 | tags
          {"dataset": "%s", "recipe": "smoke", "colour": 1}                        | 422 | colour
          {"dataset": "01900000-0000-7000-8000-000000000000", "recipe": "smoke"}   | 404 | 01900000
          """)
  void refusesNonsenseAndQueuesNothing(String body, int status, String named) {
    long before = runs.countByPoolAndState(Pool.DEVICES, RunState.QUEUED);
    Answer answer = http().post(RUNS, body.replace("%s", dataset().toString()));
    assertThat(answer.text()).contains(named);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(runs.countByPoolAndState(Pool.DEVICES, RunState.QUEUED)).isEqualTo(before);
  }

  @Test
  void wantsADatasetThatIsReady() {
    UUID importing = dataset("IMPORTING");
    Answer answer = http().post(RUNS, Map.of("dataset", importing, "recipe", "smoke"));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains("IMPORTING");
  }

  @Test
  void aDatasetThatARunUsesStays() {
    UUID dataset = run(blocker).spec().dataset();
    assertThat(http().delete("/api/v1/datasets/" + dataset).status()).isEqualTo(409);
    assertThat(http().get(RUNS + "/" + blocker).status()).isEqualTo(200);
  }

  @Test
  void listsNewestFirstByStateDatasetAndTag() {
    UUID one = submit("{}", "red", "round");
    UUID two = submit("{}", "red");
    UUID three = submit("{}");
    assertThat(ids("?state=QUEUED&limit=3")).containsExactly(three, two, one);
    assertThat(ids("?tag=red")).containsExactly(two, one);
    assertThat(ids("?tag=round&state=QUEUED")).containsExactly(one);
    assertThat(ids("?dataset=" + run(two).spec().dataset())).containsExactly(two);
    assertThat(ids("?tag=blue")).isEmpty();
    assertThat(ids("?state=QUEUED,RUNNING&tag=red")).containsExactly(two, one);
    assertThat(ids("?kind=evaluate,lr-find&tag=red")).isEmpty();
    assertThat(ids("?kind=count,train&tag=red&q=A%20RUN")).containsExactly(two, one);
    assertThat(ids("?tag=red&q=%25")).isEmpty();
    assertThat(http().get(RUNS + "?tag=red&limit=1").json().get("count").asInt()).isEqualTo(2);
    JsonNode last = http().get(RUNS + "?tag=red&limit=1").json().at("/items/0");
    assertThat(last.get("queuePosition").asInt()).isPositive();
    assertThat(last.get("lastEvent").asInt()).isEqualTo(1);
    assertThat(http().get(RUNS + "?state=ASLEEP").status()).isEqualTo(422);

    JsonNode first = http().get(RUNS + "?limit=2").json();
    String cursor = first.get("nextCursor").asString();
    JsonNode second = http().get(RUNS + "?limit=2&cursor=" + cursor).json();
    assertThat(first.at("/items/1/id").asString()).isEqualTo(two.toString());
    assertThat(second.at("/items/0/id").asString()).isEqualTo(one.toString());
    List.of(one, two, three).forEach(queue::cancel);
  }

  @Test
  void countsWhoGoesBefore() {
    UUID first = submit("{}");
    UUID second = submit("{}");
    UUID urgent = submit("{}", 1);
    assertThat(position(urgent)).isEqualTo(1);
    assertThat(position(first)).isEqualTo(2);
    assertThat(position(second)).isEqualTo(3);
    List.of(first, second, urgent).forEach(queue::cancel);
    assertThat(http().get(RUNS + "/" + first).json().has("queuePosition")).isFalse();
  }

  @Test
  void cancelsAndAnswersARepeatedRequestTheSame() {
    UUID id = submit("{}");
    Answer cancelled = http().post(RUNS + "/" + id + "/cancel", "");
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.json().get("state").asString()).isEqualTo("CANCELLED");
    Answer again = http().post(RUNS + "/" + id + "/cancel", "");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(cancelled.json());
  }

  @Test
  void namesTheStateThatForbidsIt() {
    Answer refused = http().delete(RUNS + "/" + blocker);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("detail").asString()).contains("RUNNING");

    open(blocker, 1);
    awaitState(blocker, RunState.SUCCEEDED);
    Answer late = http().post(RUNS + "/" + blocker + "/cancel", "");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().get("detail").asString()).contains("SUCCEEDED");
  }

  @Test
  void deletesRowsAndFiles() {
    UUID id = submit("{}");
    queue.cancel(id);
    String key = "runs/" + id + "/1/weights.safetensors";
    store.put(key, new ByteArrayInputStream(new byte[] {1, 2, 3}));
    assertThat(http().delete(RUNS + "/" + id).status()).isEqualTo(204);
    assertThat(http().get(RUNS + "/" + id).status()).isEqualTo(404);
    assertThat(http().delete(RUNS + "/" + id).status()).isEqualTo(404);
    assertThat(store.list("runs/" + id)).isEmpty();
  }

  @Test
  void printsEpochsAsJsonAsFastaisTableAndAsCsv() {
    open(blocker, 1);
    awaitState(blocker, RunState.SUCCEEDED);
    UUID id = submit("{\"epochs\": 2}");
    awaitState(id, RunState.SUCCEEDED);
    String path = RUNS + "/" + id + "/epochs";
    JsonNode epochs = http().get(path).json();
    assertThat(epochs.size()).isEqualTo(2);
    assertThat(epochs.at("/1/accuracy").asDouble()).isEqualTo(0.1);
    assertThat(epochs.at("/1/leaky").asBoolean(true)).isFalse();
    Answer text = http().get(path, "Accept", "text/plain");
    assertThat(text.header("Content-Type")).startsWith("text/plain");
    assertThat(text.text())
        .isEqualTo(
            """
            epoch     train_loss  valid_loss  accuracy  time
            0         2.000000    2.500000    0.000000  01:01
            1         2.000000    2.500000    0.100000  01:01
            """);
    Answer csv = http().get(path, "Accept", "text/csv");
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.text())
        .startsWith("phase,epoch,trainLoss,")
        .endsWith("1,1,2.0,2.5,0.1,0.001,61.0,100.0,false\n");
    assertThat(http().get(RUNS + "/" + UUID.randomUUID() + "/epochs").status()).isEqualTo(404);
  }

  @Test
  void countsRunsForTheMetrics() {
    UUID id = submit("{}");
    String metrics = http().get("/actuator/prometheus").text();
    assertThat(metrics).contains("onecycle_queue_depth 1.0");
    assertThat(metrics).containsPattern("onecycle_device_memory_bytes\\{device=\"cpu\"} \\d");
    assertThat(metrics).contains("onecycle_runs{pool=\"DEVICES\",state=\"RUNNING\"} 1.0");
    queue.cancel(id);
  }

  private void cancel(JsonNode run) {
    queue.cancel(UUID.fromString(run.get("id").asString()));
  }

  private int position(UUID id) {
    return http().get(RUNS + "/" + id).json().get("queuePosition").asInt();
  }

  private List<UUID> ids(String query) {
    List<UUID> ids = new ArrayList<>();
    http()
        .get(RUNS + query)
        .json()
        .get("items")
        .forEach(run -> ids.add(UUID.fromString(run.get("id").asString())));
    return ids;
  }
}
