package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.run.CountingServer;
import dev.onecycle.run.Pool;
import dev.onecycle.run.RunState;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.Http.Answer;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Cloning, editing, ordering and deleting runs. */
class RunRequestsIT extends CountingServer {

  private static final String RUNS = "/api/v1/runs";

  @Autowired private BlobStore store;

  /** Holds the only slot, so that what is submitted waits. */
  private UUID blocker;

  private final List<UUID> waiting = new ArrayList<>();

  @BeforeEach
  void block() {
    blocker = submit("{\"epochs\": 1, \"gated\": true}", 100);
    awaitState(blocker, RunState.RUNNING);
  }

  @AfterEach
  void unblock() {
    waiting.forEach(queue::cancel);
    open(blocker, 1);
    awaitState(blocker, RunState.SUCCEEDED);
  }

  @Test
  void clonesTheResolvedRecipeWithWhatIsOtherwise() {
    JsonNode original = trainRun(Map.of("phases[0].epochs", 3), 7);
    String path = RUNS + "/" + original.get("id").asString() + "/clone";
    JsonNode same = made(http().post(path, ""));
    assertThat(same.get("recipe")).isEqualTo(original.get("recipe"));
    for (String field : List.of("kind", "name", "tags", "dataset", "seed", "priority")) {
      assertThat(same.get(field)).as(field).isEqualTo(original.get(field));
    }
    assertThat(same.get("state").asString()).isEqualTo("QUEUED");

    Map<String, ?> changes =
        Map.of(
            "overrides",
            Map.of("optimizer.weightDecay", 0.5),
            "name",
            "another",
            "tags",
            List.of("x"),
            "priority",
            -3,
            "seed",
            99);
    JsonNode changed = made(http().post(path, changes));
    assertThat(changed.at("/recipe/optimizer/weightDecay").asDouble()).isEqualTo(0.5);
    assertThat(changed.at("/recipe/phases/0/epochs").asInt()).isEqualTo(3);
    assertThat(changed.at("/recipe/seed").asInt()).isEqualTo(99);
    assertThat(changed.get("seed").asInt()).isEqualTo(99);
    assertThat(changed.get("name").asString()).isEqualTo("another");
    assertThat(changed.get("tags").toString()).isEqualTo("[\"x\"]");
    assertThat(changed.get("priority").asInt()).isEqualTo(-3);
  }

  @Test
  void theSameKeyClonesOnce() {
    JsonNode original = trainRun(Map.of(), 0);
    String path = RUNS + "/" + original.get("id").asString() + "/clone";
    String key = UUID.randomUUID().toString();
    JsonNode first = made(http().post(path, "{}", "Idempotency-Key", key));
    JsonNode again = made(http().post(path, "{}", "Idempotency-Key", key));
    assertThat(again.get("id")).isEqualTo(first.get("id"));
    assertThat(http().post(path, "{\"seed\": 1}", "Idempotency-Key", key).status()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"overrides": {"phases[7].size": 1}}   | phases[7]
          {"overrides": {"phases[0].epoch": 1}}  | epochs
          {"overrides": {"phases[0].epochs": 0}} | phases[0].epochs
          {"priority": 101}                      | priority
          {"name": " "}                          | name
          {"tags": [""]}                         | tags
          {"recipe": "smoke"}                    | recipe
          """)
  void refusesNonsenseAndClonesNothing(String body, String named) {
    JsonNode original = trainRun(Map.of(), 0);
    long before = runs.countByPoolAndState(Pool.DEVICES, RunState.QUEUED);
    Answer answer = http().post(RUNS + "/" + original.get("id").asString() + "/clone", body);
    assertThat(answer.text()).contains(named);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(runs.countByPoolAndState(Pool.DEVICES, RunState.QUEUED)).isEqualTo(before);
  }

  @Test
  void thereIsNothingToCloneOrEditWhereThereIsNoRun() {
    String nobody = RUNS + "/" + UUID.randomUUID();
    assertThat(http().post(nobody + "/clone", "{}").status()).isEqualTo(404);
    assertThat(http().json("PATCH", nobody, "{\"name\": \"x\"}").status()).isEqualTo(404);
    assertThat(http().get(nobody + "/steps").status()).isEqualTo(404);
    assertThat(http().delete(nobody + "?dryRun=true").status()).isEqualTo(404);
  }

  @Test
  void aPriorityThatChangesMovesTheRunInTheQueue() {
    queued(0); // the worker may have chosen it already
    UUID second = queued(0);
    UUID third = queued(0);
    Answer moved = patch(third, Map.of("priority", 9));
    assertThat(moved.status()).as(moved.text()).isEqualTo(200);
    assertThat(moved.json().get("queuePosition").asInt()).isEqualTo(1);
    assertThat(scheduled(third)).isEqualTo(9);
    open(blocker, 1);
    awaitState(second, RunState.SUCCEEDED);
    assertThat(run(third).startedAt()).isBefore(run(second).startedAt());
    waiting.clear();
  }

  @Test
  void onlyWaitingRunsChangeTheirPriority() {
    Answer refused = patch(blocker, Map.of("priority", 1, "name", "not this either"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("detail").asString()).contains("RUNNING");
    assertThat(run(blocker).spec().name()).isEqualTo("a run");
    assertThat(scheduled(blocker)).isEqualTo(100);
  }

  @Test
  void renamesAndTagsARunInAnyState() {
    Answer edited = patch(blocker, Map.of("name", "mine", "tags", List.of("b", "a")));
    assertThat(edited.status()).as(edited.text()).isEqualTo(200);
    assertThat(edited.json().get("name").asString()).isEqualTo("mine");
    assertThat(patch(blocker, Map.of("tags", List.of("b", "c"))).json().get("tags").toString())
        .isEqualTo("[\"b\",\"c\"]");
    assertThat(run(blocker).tags()).isEqualTo(Set.of("b", "c"));
    assertThat(patch(blocker, Map.of()).json().get("name").asString()).isEqualTo("mine");
    for (String body : List.of("{\"name\": \"\"}", "{\"tags\": [\"\"]}", "{\"state\": \"x\"}")) {
      assertThat(http().json("PATCH", RUNS + "/" + blocker, body).status()).isEqualTo(422);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"createdAt", "-createdAt", "priority", "-priority", "accuracy", "-accuracy"})
  void everyOrderPagesThroughEveryRunOnce(String sort) {
    String tag = UUID.randomUUID().toString();
    for (int i = 0; i < 7; i++) {
      UUID id = submit("{}", i % 3, tag);
      waiting.add(id);
      if (i % 2 == 0) {
        jdbc.sql(
                """
                update run set best_accuracy = ?, best_epoch = '{"phase": 1, "epoch": 0,
                  "train_loss": 1, "valid_loss": 1, "accuracy": %s, "learning_rate": 1,
                  "seconds": 1, "images_per_second": 1, "leaky": false}' format json where id = ?
                """
                    .formatted((i + 1) / 10.0))
            .params((i + 1) / 10.0, id)
            .update();
      }
    }
    List<JsonNode> all = paged("?tag=" + tag + "&sort=" + sort + "&limit=2");
    assertThat(all.stream().map(run -> run.get("id").asString()).toList())
        .containsExactlyInAnyOrderElementsOf(waiting.stream().map(UUID::toString).toList());
    String path =
        switch (sort.replace("-", "")) {
          case "priority" -> "/priority";
          case "accuracy" -> "/bestEpoch/accuracy";
          default -> "/createdAt";
        };
    List<String> keys = all.stream().map(run -> run.at(path).asString("")).toList();
    List<String> sorted = keys.stream().sorted().toList();
    assertThat(sort.startsWith("-") ? reversed(keys) : keys).isEqualTo(sorted);
  }

  @Test
  void namesTheOrdersThatThereAre() {
    Answer unknown = http().get(RUNS + "?sort=colour");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.text()).contains("createdAt", "-accuracy", "priority");
    waiting.add(submit("{}"));
    waiting.add(submit("{}"));
    String cursor = http().get(RUNS + "?limit=1").json().get("nextCursor").asString();
    assertThat(http().get(RUNS + "?sort=priority&cursor=" + cursor).status()).isEqualTo(422);
    assertThat(http().get(RUNS + "?cursor=" + cursor).status()).isEqualTo(200);
  }

  @Test
  void aDryRunTellsWhatDeletingTakesAway() {
    UUID id = submit("{\"epochs\": 1}");
    assertThat(http().delete(RUNS + "/" + id + "?dryRun=true").status()).isEqualTo(409);
    queue.cancel(id);
    store.put("runs/" + id + "/1/a.bin", new ByteArrayInputStream(new byte[30]));
    store.put("runs/" + id + "/1/b.bin", new ByteArrayInputStream(new byte[12]));
    JsonNode told = http().delete(RUNS + "/" + id + "?dryRun=true").json();
    assertThat(told.get("files").asInt()).isEqualTo(2);
    assertThat(told.get("bytes").asInt()).isEqualTo(42);
    assertThat(told.at("/rows/runs").asInt()).isEqualTo(1);
    assertThat(told.at("/rows/transitions").asInt()).isEqualTo(2);
    assertThat(told.at("/rows/events").asInt()).isEqualTo(2);
    assertThat(store.list("runs/" + id)).hasSize(2);
    assertThat(http().get(RUNS + "/" + id).status()).isEqualTo(200);

    assertThat(http().delete(RUNS + "/" + id).status()).isEqualTo(204);
    assertThat(store.list("runs/" + id)).isEmpty();
    assertThat(http().get(RUNS + "/" + id).status()).isEqualTo(404);
  }

  private UUID queued(int priority) {
    UUID id = submit("{\"epochs\": 1}", priority);
    waiting.add(id);
    return id;
  }

  private Answer patch(UUID id, Map<String, ?> edit) {
    return http().json("PATCH", RUNS + "/" + id, edit);
  }

  private int scheduled(UUID id) {
    return jdbc.sql("select priority from scheduled_tasks where task_instance = ?")
        .param(id.toString())
        .query(Integer.class)
        .single();
  }

  private JsonNode trainRun(Map<String, ?> overrides, int priority) {
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset(),
            "recipe",
            "smoke",
            "overrides",
            overrides,
            "priority",
            priority,
            "tags",
            List.of("t"));
    return made(http().post(RUNS, request));
  }

  private JsonNode made(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    JsonNode run = answer.json();
    UUID id = UUID.fromString(run.get("id").asString());
    assertThat(answer.header("Location")).isEqualTo(RUNS + "/" + id);
    waiting.add(id);
    return run;
  }

  private List<JsonNode> paged(String query) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = http().get(RUNS + query + cursor).json();
      page.get("items").forEach(all::add);
      cursor = page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : "";
    } while (!cursor.isEmpty());
    return all;
  }

  private static List<String> reversed(List<String> keys) {
    List<String> reversed = new ArrayList<>(keys);
    Collections.reverse(reversed);
    return reversed;
  }
}
