package dev.onecycle.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service says that it has, against what there is. */
final class Inventory {

  private static final String API = "/api/v1";
  private static final List<String> UNDER_WAY =
      List.of("QUEUED", "RUNNING", "PAUSING", "CANCELLING");
  private static final List<String> STATES =
      List.of(
          "QUEUED",
          "RUNNING",
          "PAUSING",
          "PAUSED",
          "CANCELLING",
          "CANCELLED",
          "SUCCEEDED",
          "FAILED");

  private final Http http;
  private final Path home;
  private final long pid;
  private final JsonMapper mapper = new JsonMapper();

  /**
   * @param pid of the service, the only one on that home
   */
  Inventory(Http http, Path home, long pid) {
    this.http = http;
    this.home = home;
    this.pid = pid;
  }

  private JsonNode get(String path) {
    Http.Answer answer = http.get(API + path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private List<JsonNode> all(String kind) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = get(kind + "?limit=100" + cursor);
      page.get("items").forEach(all::add);
      cursor = page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asString() : null;
    } while (cursor != null);
    return all;
  }

  private long runs(String states) {
    return get("/runs?limit=1&state=" + states).get("count").asLong();
  }

  /** Runs that somebody holds who is not there. */
  List<String> runsOfNobody() {
    return all("/runs").stream()
        .filter(run -> run.get("state").asString().equals("RUNNING"))
        .filter(run -> !run.path("worker").asString("").endsWith(":" + pid))
        .map(JsonNode::toString)
        .toList();
  }

  /** How many runs have not ended and are not paused. */
  long underWay() {
    return runs(String.join(",", UNDER_WAY));
  }

  /** Throws unless rows, files and counts agree. Nothing may be under way. */
  void requireWhole(String when) throws IOException {
    List<JsonNode> runs = all("/runs");
    List<JsonNode> datasets = all("/datasets");
    List<JsonNode> checkpoints = all("/checkpoints");
    requireCounts(when, runs);
    runs.stream().limit(5).forEach(run -> requireEventsInARow(when, run));
    assertThat(datasets)
        .as(when)
        .allMatch(
            each ->
                !each.get("state").asString().equals("IMPORTING")
                    || runs.stream().anyMatch(run -> imports(run, each)));

    makeOld();
    get("/storage/orphans");
    assertThat(http.delete(API + "/storage/orphans").status()).isEqualTo(200);
    List<String> files = files(home.resolve("store"));
    Set<String> owners = new HashSet<>();
    Stream.of(runs, datasets).flatMap(List::stream).forEach(row -> owners.add(id(row)));
    assertThat(files)
        .as("%s: files of rows", when)
        .allMatch(
            file ->
                file.startsWith("checkpoints/")
                    || file.startsWith("uploads/")
                    || owners.contains(Path.of(file).getName(1).toString()));
    assertThat(files.stream().filter(file -> file.startsWith("uploads/")))
        .as("%s: archives of imports that are paused", when)
        .hasSize((int) datasets.stream().filter(Inventory::waitsForItsArchive).count());
    for (JsonNode checkpoint : checkpoints) {
      assertThat(files.stream().filter(file -> file.endsWith(id(checkpoint) + ".safetensors")))
          .as("%s: weights of %s", when, id(checkpoint))
          .hasSize(1);
    }
    for (JsonNode dataset : datasets) {
      boolean ready = dataset.get("state").asString().equals("READY");
      assertThat(files.stream().filter(file -> file.startsWith("datasets/" + id(dataset) + "/")))
          .as("%s: pack of %s", when, dataset)
          .hasSize(ready ? 1 : 0);
    }
    assertThat(files(home.resolve("tmp")))
        .as("%s: temporary files", when)
        .allMatch(file -> file.endsWith(".lock"));
  }

  private static boolean waitsForItsArchive(JsonNode dataset) {
    return dataset.get("state").asString().equals("IMPORTING")
        && dataset.get("source").get("type").asString().equals("upload");
  }

  private static boolean imports(JsonNode run, JsonNode dataset) {
    return run.get("kind").asString().equals("import")
        && run.path("dataset").asString("").equals(id(dataset))
        && run.get("state").asString().equals("PAUSED");
  }

  private static String id(JsonNode row) {
    return row.get("id").asString();
  }

  private void requireCounts(String when, List<JsonNode> runs) {
    String metrics = http.get("/actuator/prometheus").text();
    for (String state : STATES) {
      long listed = runs.stream().filter(run -> run.get("state").asString().equals(state)).count();
      assertThat(runs(state)).as("%s: %s", when, state).isEqualTo(listed);
      double counted =
          metrics
              .lines()
              .filter(line -> line.startsWith("onecycle_runs{"))
              .filter(line -> line.contains("state=\"" + state + "\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .sum();
      assertThat(counted).as("%s: metric of %s", when, state).isEqualTo((double) listed);
    }
  }

  private void requireEventsInARow(String when, JsonNode run) {
    String path = API + "/runs/" + id(run) + "/events";
    List<Long> numbers =
        http.get(path, "Accept", "application/x-ndjson")
            .text()
            .lines()
            .map(line -> mapper.readTree(line).get("id").asLong())
            .toList();
    assertThat(numbers)
        .as("%s: events of %s", when, id(run))
        .isEqualTo(LongStream.rangeClosed(1, run.get("lastEvent").asLong()).boxed().toList());
  }

  /** So that what nobody owns is reported: what is young may be about to get its row. */
  private void makeOld() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    for (String file : files(home.resolve("store"))) {
      Files.setLastModifiedTime(home.resolve("store").resolve(file), old);
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(file -> !file.startsWith(".incoming"))
          .toList();
    }
  }
}
