package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.Http;
import dev.onecycle.SampleImport;
import dev.onecycle.platform.Seed;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service that is killed again and again, and each time started on the same home. */
class KillIT {

  private static final Duration FOUND = Duration.ofSeconds(15);

  @TempDir private Path home;

  private Process child;
  private Path said;
  private Http http;

  @AfterEach
  void kill() throws InterruptedException {
    child.destroyForcibly().waitFor();
  }

  @Test
  void aRunOutlivesEveryEndOfItsProcess() throws Exception {
    Path gate = home.resolve("gate");
    start();
    UUID id = submit("{\"epochs\":3,\"file\":\"" + gate + "\"}");
    kill();

    start();
    awaitRunning(id, 0);
    int killed = attempt(id);
    kill();

    start();
    awaitRunning(id, killed);
    child.destroy();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("it ends when it is asked to").isTrue();

    start();
    Files.createFile(gate);
    await().atMost(FOUND).until(() -> state(id).equals("SUCCEEDED"));
    assertThat(attempt(id)).isEqualTo(killed + 2);
    assertThat(reasons(id)).contains("its worker was lost", "its worker shut down");
    assertThat(http.get("/api/v1/runs/" + id + "/epochs").json().size()).isEqualTo(3);
    List<Long> numbers = eventNumbers(id);
    assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList());
  }

  /** Killed with -9, asked to end, and started again: each time in the middle of an epoch. */
  @Test
  void aKilledTrainingEndsWithTheSameWeights() throws Exception {
    start();
    UUID dataset = SampleImport.into(http);
    UUID whole = train(dataset);
    awaitSuccess(whole);

    UUID killed = train(dataset);
    UUID paused = train(dataset);
    UUID waiting = train(dataset);
    http.post("/api/v1/runs/" + paused + "/pause", "");
    awaitStep(killed, 30);
    kill();
    start();
    assertThat(state(paused)).isEqualTo("PAUSED");
    assertThat(state(waiting)).as("the slot was free").isIn("QUEUED", "RUNNING");
    List.of(paused, waiting).forEach(id -> http.post("/api/v1/runs/" + id + "/cancel", ""));
    awaitRunning(killed, 1);
    long resumed = run(killed).at("/resumedFrom/step").asLong();
    assertThat(resumed).as("at least the first epoch was not lost").isGreaterThanOrEqualTo(25);
    awaitStep(killed, resumed + 10);
    long asked = System.nanoTime();
    child.destroy();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).as("it ends when it is asked to").isTrue();
    assertThat(child.exitValue()).as("128 + SIGTERM: no crash").isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(25));
    start();
    awaitSuccess(killed);
    assertThat(reasons(killed)).contains("its worker was lost", "its worker shut down");
    assertThat(run(killed).at("/resumedFrom/attempt").asInt()).isEqualTo(2);
    assertThat(run(killed).at("/resumedFrom/step").asLong()).isGreaterThan(resumed);
    assertSameEnd(killed, whole);
  }

  /** The full form: one run, killed at twenty random moments. */
  @Test
  @Tag("proof")
  void killedTwentyTimesATrainingEndsWithTheSameWeights() throws Exception {
    start("--onecycle.run.max-attempts=100");
    UUID dataset = SampleImport.into(http);
    UUID whole = train(dataset);
    awaitSuccess(whole);

    UUID killed = train(dataset);
    RandomGenerator moments = new Seed(20).generator();
    long step = 0;
    for (int kill = 0; kill < 20; kill++) {
      awaitStep(killed, step);
      Thread.sleep(moments.nextInt(1000)); // the moment is what is random
      step = run(killed).at("/progress/step").asLong();
      kill();
      start("--onecycle.run.max-attempts=100");
    }
    awaitSuccess(killed);
    assertThat(attempt(killed)).isGreaterThan(15);
    assertSameEnd(killed, whole);
  }

  private void assertSameEnd(UUID run, UUID whole) {
    assertThat(stateSha256(run)).isEqualTo(stateSha256(whole)).hasSize(64);
    assertThat(validLosses(run)).isEqualTo(validLosses(whole)).hasSize(3);
  }

  /** Three epochs of 25 steps. */
  private UUID train(UUID dataset) {
    Map<String, ?> small =
        Map.of(
            "itemSize", 32,
            "phases[0].size", 32,
            "phases[0].batchSize", 32,
            "phases[0].epochs", 3,
            "precision", "float32");
    Map<String, ?> request = Map.of("dataset", dataset, "recipe", "smoke", "overrides", small);
    return UUID.fromString(http.post("/api/v1/runs", request).json().get("id").asString());
  }

  private String stateSha256(UUID run) {
    String checkpoint = run(run).get("checkpoint").asString();
    return http.get("/api/v1/checkpoints/" + checkpoint)
        .json()
        .at("/weights/stateSha256")
        .asString();
  }

  private List<Double> validLosses(UUID run) {
    return http.get("/api/v1/runs/" + run + "/epochs")
        .json()
        .valueStream()
        .map(epoch -> epoch.get("validLoss").asDouble())
        .toList();
  }

  private void awaitStep(UUID id, long step) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> run(id).at("/progress/step").asLong(0) >= step);
  }

  private void awaitSuccess(UUID id) {
    await()
        .atMost(Duration.ofMinutes(2))
        .failFast(() -> assertThat(state(id)).isNotEqualTo("FAILED"))
        .until(() -> state(id).equals("SUCCEEDED"));
  }

  private void start(String... settings) throws IOException {
    said = Files.createTempFile(home, "said-", ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx512m",
                KillChild.class.getName(),
                "--onecycle.home=" + home,
                "--onecycle.torch.threads=1",
                "--onecycle.worker.data-threads=1",
                "--onecycle.worker.resume-every=2s",
                "--onecycle.worker.tta-menu-pictures=10",
                "--server.port=0"));
    command.addAll(List.of(settings));
    child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    http = new Http(Integer.parseInt(hear("port ")));
  }

  private UUID submit(String recipe) throws IOException {
    PrintStream out = new PrintStream(child.getOutputStream(), true, StandardCharsets.UTF_8);
    out.println(recipe);
    return UUID.fromString(hear("submitted "));
  }

  /** What the child says after that word. */
  private String hear(String word) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .failFast("the child ended: see " + said, () -> !child.isAlive())
        .until(() -> line(word), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<String> line(String word) throws IOException {
    try (Stream<String> lines = Files.lines(said)) {
      return lines.filter(l -> l.startsWith(word)).findFirst().map(l -> l.substring(word.length()));
    }
  }

  private void awaitRunning(UUID id, int attempt) {
    await().atMost(FOUND).until(() -> state(id).equals("RUNNING") && attempt(id) > attempt);
  }

  private String state(UUID id) {
    return run(id).get("state").asString();
  }

  private int attempt(UUID id) {
    return run(id).get("attempt").asInt();
  }

  private List<String> reasons(UUID id) {
    return run(id)
        .get("transitions")
        .valueStream()
        .map(t -> t.path("reason").asString(""))
        .toList();
  }

  private JsonNode run(UUID id) {
    return http.get("/api/v1/runs/" + id).json();
  }

  private List<Long> eventNumbers(UUID id) {
    String lines =
        http.get("/api/v1/runs/" + id + "/events", "Accept", "application/x-ndjson").text();
    JsonMapper mapper = new JsonMapper();
    return lines.lines().map(line -> mapper.readTree(line).get("id").asLong()).toList();
  }
}
