package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A dataset's labels are checked as a run; what it doubts is read, and what is said about it. */
class LabelChecksIT extends OpenServer {

  private static final String API = "/api/v1/";
  private static final int PICTURES = 251;

  private static String dataset;
  private static String check;

  /** A quarter of the sample, of which one picture stands under two labels. */
  @BeforeEach
  void check() throws IOException {
    if (check == null) {
      dataset = imported();
      check = checked(dataset, quick(1));
    }
  }

  /** A check that takes seconds and finds little. */
  private static Map<String, ?> quick(int epochs) {
    Map<String, ?> small = Map.of("itemSize", 48, "phases[0].size", 48, "phases[0].epochs", epochs);
    return Map.of("folds", 2, "overrides", small);
  }

  private String imported() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      new SampleDataset(new Seed(7))
          .draw(
              (path, png) -> {
                if (Integer.parseInt(path.replaceAll("\\D", "")) % 4 == 0) {
                  put(zip, path, png);
                }
                if (path.equals("valid/heart/heart-080.png")) {
                  put(zip, "train/star/copy.png", png);
                }
              });
    }
    byte[] body =
        new Multipart()
            .field("name", "doubted")
            .file("archive", "doubted.zip", bytes.toByteArray())
            .bytes();
    Answer accepted = http().post(API + "datasets", Multipart.CONTENT_TYPE, body);
    String id = accepted.json().get("id").asString();
    await().until(() -> !get("datasets/" + id).get("state").asString().equals("IMPORTING"));
    assertThat(get("datasets/" + id).get("pictures").asInt()).isEqualTo(PICTURES);
    return id;
  }

  private static void put(ZipOutputStream zip, String path, byte[] png) throws IOException {
    zip.putNextEntry(new ZipEntry(path));
    zip.write(png);
  }

  private JsonNode get(String path) {
    Answer answer = http().get(API + path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private String submitted(String of, Map<String, ?> request, String... headers) {
    Answer answer = http().post(API + "datasets/" + of + "/label-checks", request, headers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    String id = answer.json().get("id").asString();
    assertThat(answer.header("Location")).isEqualTo(API + "runs/" + id);
    return id;
  }

  private void awaitState(String run, String state) {
    await()
        .atMost(Duration.ofMinutes(15))
        .pollInterval(Duration.ofMillis(100))
        .failFast(() -> assertThat(state(run)).isNotIn("FAILED"))
        .until(() -> state(run).equals(state));
  }

  private String state(String run) {
    return get("runs/" + run).get("state").asString();
  }

  private String checked(String of, Map<String, ?> request) {
    String run = submitted(of, request);
    awaitState(run, "SUCCEEDED");
    return run;
  }

  private List<JsonNode> doubts(String run) {
    JsonNode part = get("runs/" + run + "/label-check/pictures?limit=500");
    assertThat(part.has("nextCursor")).isFalse();
    List<JsonNode> all = new ArrayList<>();
    part.get("items").forEach(all::add);
    return all;
  }

  @Test
  void everyPictureIsRankedAndWrongLabelsAreCounted() {
    List<JsonNode> doubts = doubts(check);
    assertThat(doubts).hasSize(PICTURES);
    for (int i = 0; i < 2; i++) {
      assertThat(doubts.get(i).get("reason").asString()).isEqualTo("duplicate");
      assertThat(Set.of("heart", "star"))
          .containsExactlyInAnyOrder(
              doubts.get(i).get("label").asString(), doubts.get(i).get("likely").asString());
    }
    double before = 0;
    for (int i = 2; i < PICTURES; i++) {
      JsonNode doubt = doubts.get(i);
      double own = doubt.get("labelProbability").asDouble();
      double odds = own / doubt.get("likelyProbability").asDouble();
      assertThat(odds).isGreaterThanOrEqualTo(before * 0.999999);
      assertThat(doubt.get("place").asInt()).isEqualTo(i);
      assertThat(doubt.get("likely")).isNotEqualTo(doubt.get("label"));
      assertThat(doubt.get("reason").asString())
          .isIn(odds < 1 ? Set.of("confident", "unsure") : Set.of("none"));
      before = odds;
    }
    assertThat(http().get(doubts.get(5).get("image").asString()).status()).isEqualTo(200);

    JsonNode found = get("runs/" + check + "/label-check");
    assertThat(found.get("pictures").asInt()).isEqualTo(PICTURES);
    assertThat(found.get("folds").asInt()).isEqualTo(2);
    assertThat(found.get("duplicates").asInt()).isEqualTo(2);
    assertThat(found.get("dataset").asString()).isEqualTo(dataset);
    assertThat(found.get("labels")).hasSize(10);
    double wrong = 0;
    for (JsonNode label : found.get("labels")) {
      wrong += label.get("wrong").asDouble();
    }
    assertThat(wrong).isCloseTo(found.get("wrong").asDouble(), within(1e-6));
    JsonNode run = get("runs/" + check);
    assertThat(run.at("/options/folds").asInt()).isEqualTo(2);
    assertThat(run.at("/progress/step")).isEqualTo(run.at("/progress/steps"));
    assertThat(get("runs/" + check + "/log").toString()).contains("fold 2 of 2");
  }

  /** What somebody has said is asked of nobody again, in this version and in those that follow. */
  @Test
  void whatPeopleSaidIsNotDoubtedAgain() {
    List<JsonNode> doubts = doubts(check);
    List<Map<String, Object>> edits = new ArrayList<>();
    for (JsonNode doubt : doubts.subList(2, 22)) {
      Map<String, Object> edit = new HashMap<>(Map.of("picture", doubt.get("picture").asInt()));
      edit.put("action", edits.size() % 2 == 0 ? "keep" : "relabel");
      if (edits.size() % 2 == 1) {
        edit.put("label", doubt.get("likely").asString());
      }
      edits.add(edit);
    }
    Map<String, ?> body = Map.of("reason", "looked at twenty", "edits", edits);
    Answer made = http().json("PATCH", API + "datasets/" + dataset + "/labels", body);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String again = checked(made.json().get("id").asString(), quick(1));
    assertThat(get("runs/" + again).get("datasetVersion").asInt()).isGreaterThan(1);
    assertThat(get("runs/" + again + "/label-check").get("confirmed").asInt()).isEqualTo(20);
    assertThat(doubts(again))
        .hasSize(PICTURES - 20)
        .noneMatch(
            doubt ->
                edits.stream()
                    .anyMatch(edit -> edit.get("picture").equals(doubt.get("picture").asInt())));
  }

  @Test
  void theListIsPagedAndFiltered() {
    String path = "runs/" + check + "/label-check/pictures?limit=5";
    JsonNode part = get(path + "&label=heart");
    assertThat(part.get("items")).hasSize(5);
    part.get("items").forEach(item -> assertThat(item.get("label").asString()).isEqualTo("heart"));
    JsonNode next = get(path + "&label=heart&cursor=" + part.get("nextCursor").asString());
    assertThat(next.at("/items/0/place").asInt()).isGreaterThan(part.at("/items/4/place").asInt());
    assertThat(get(path + "&reason=duplicate").get("items")).hasSize(2);
    get(path + "&likely=star")
        .get("items")
        .forEach(item -> assertThat(item.get("likely").asString()).isEqualTo("star"));
    for (String query : List.of("label=hart", "reason=luck", "likely=x", "limit=0", "cursor=-1")) {
      assertThat(http().get(API + "runs/" + check + "/label-check/pictures?" + query).status())
          .as(query)
          .isEqualTo(422);
    }
  }

  @Test
  void aCheckIsSubmittedOncePerKeyAndPausedCancelledDeletedAsEveryRun() {
    String key = UUID.randomUUID().toString();
    String run = submitted(dataset, quick(4), "Idempotency-Key", key);
    assertThat(submitted(dataset, quick(4), "Idempotency-Key", key)).isEqualTo(run);
    await().until(() -> get("runs/" + run).at("/progress/step").asInt(0) > 0);
    http().post(API + "runs/" + run + "/pause", "");
    await().until(() -> Set.of("PAUSED", "SUCCEEDED").contains(state(run)));
    assertThat(state(run)).isEqualTo("PAUSED");
    Answer early = http().get(API + "runs/" + run + "/label-check");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.json().get("detail").asString()).contains("PAUSED");
    assertThat(http().get(API + "runs/" + run + "/label-check/pictures").status()).isEqualTo(409);
    String path = API + "datasets/" + dataset + "/label-checks";
    assertThat(http().post(path, quick(2), "Idempotency-Key", key).status()).isEqualTo(409);
    http().post(API + "runs/" + run + "/resume", "");
    awaitState(run, "SUCCEEDED");
    String straight = checked(dataset, quick(4));
    assertThat(answers(run)).as("a break changes nothing").isEqualTo(answers(straight));

    JsonNode rows = http().delete(API + "runs/" + run + "?dryRun=true").json().get("rows");
    assertThat(rows.get("doubts").asInt()).isEqualTo(answers(straight).size());
    assertThat(rows.get("outputs").asInt()).isEqualTo(2);
    assertThat(http().delete(API + "runs/" + run).status()).isEqualTo(204);
    Path folder = HOME.resolve("store/runs").resolve(run);
    await().until(() -> files(folder) == 0);

    String cancelled = submitted(dataset, Map.of());
    http().post(API + "runs/" + cancelled + "/cancel", "");
    awaitState(cancelled, "CANCELLED");
    assertThat(http().delete(API + "runs/" + cancelled).status()).isEqualTo(204);
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private List<String> answers(String run) {
    return doubts(run).stream().map(JsonNode::toString).toList();
  }

  @Test
  void whatCannotBeCheckedIsRefused() {
    String path = API + "datasets/" + dataset + "/label-checks";
    for (Map<String, ?> request :
        List.<Map<String, ?>>of(
            Map.of("folds", 1),
            Map.of("folds", 11),
            Map.of("recipe", "nothing"),
            Map.of("priority", 101),
            Map.of("overrides", Map.of("phases[0].batchSize", 4_000)),
            Map.of("overrides", Map.of("earlyStopping", Map.of())),
            Map.of("fold", 3))) {
      Answer refused = http().post(path, request);
      assertThat(refused.status()).as(request + " " + refused.text()).isEqualTo(422);
    }
    assertThat(http().post(path, Map.of("from", UUID.randomUUID())).status()).isEqualTo(404);
    String nowhere = API + "datasets/" + UUID.randomUUID() + "/label-checks";
    assertThat(http().post(nowhere, Map.of()).status()).isEqualTo(404);
    assertThat(http().get(API + "runs/" + UUID.randomUUID() + "/label-check").status())
        .isEqualTo(404);
    String other = get("runs?kind=import&dataset=" + dataset).at("/items/0/id").asString();
    for (String route : List.of("/label-check", "/label-check/pictures")) {
      assertThat(http().get(API + "runs/" + other + route).status()).isEqualTo(404);
    }
  }
}
