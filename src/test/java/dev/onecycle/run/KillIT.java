package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.LocalHttps;
import dev.onecycle.dataset.SlowPictures;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OldImports;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final Duration FOUND = Duration.ofSeconds(60);

  private static final String DATASETS = "/api/v1/datasets";

  /** So many that an import takes seconds. */
  private static final int SLOW = 30;

  private static final int IMPORTS = 3;

  @TempDir private Path home;

  private LocalHttps https;

  private ServiceProcess child;
  private int submitted;
  private Http http;

  @AfterEach
  void end() throws InterruptedException {
    kill();
    if (https != null) {
      https.close();
    }
  }

  private void kill() throws InterruptedException {
    child.kill();
  }

  @Test
  void aRunOutlivesEveryEndOfItsProcess() throws Exception {
    Path gate = home.resolve("gate");
    String old = "jdbc:h2:file:" + home.resolve("onecycle");
    OldImports.migrate(old);
    UUID oldImport = OldImports.waiting(old);
    UUID oldUpload = OldImports.uploaded(old);
    byte[] archive = SlowPictures.zip(SLOW);
    https = new LocalHttps(home.resolve("keys"), archive);
    String gated = "{\"epochs\":3,\"file\":\"" + gate + "\"}";
    String deaf = "{\"deaf\":true,\"file\":\"" + gate + "\"}";
    start("--onecycle.worker.slots=3");
    UUID id = submit(gated);
    UUID pausing = submit(deaf);
    UUID cancelling = submit(deaf);
    List.of(id, pausing, cancelling).forEach(each -> awaitRunning(each, 0));
    UUID paused = submit(gated);
    UUID queued = submit(gated);
    assertThat(ask(pausing, "pause")).isEqualTo("PAUSING");
    assertThat(ask(cancelling, "cancel")).isEqualTo("CANCELLING");
    assertThat(ask(paused, "pause")).isEqualTo("PAUSED");
    awaitDataset(oldImport, "READY");
    assertThat(dataset(oldUpload).at("/failure/fix").asString()).isEqualTo("Upload it again.");
    freeSlotsOfImportsThatHang();
    List<UUID> importing = importFromEverywhere(archive);
    UUID accepted = trainAndKillWhenAccepted(oldImport);

    https.open();
    start();
    ask(accepted, "cancel");
    awaitRunning(id, 1);
    await().atMost(FOUND).until(() -> state(pausing).equals("PAUSED"));
    await().atMost(FOUND).until(() -> state(cancelling).equals("CANCELLED"));
    assertThat(state(paused)).isEqualTo("PAUSED");
    assertThat(state(queued)).isEqualTo("QUEUED");
    await().atMost(FOUND).until(() -> state(accepted).equals("CANCELLED"));
    importing.forEach(this::assertImportedBySecondAttempt);
    assertThat(child.end()).as("128 + SIGTERM").isEqualTo(143);

    start();
    Files.createFile(gate);
    ask(paused, "resume");
    for (UUID each : List.of(id, queued, paused)) {
      await().atMost(FOUND).until(() -> state(each).equals("SUCCEEDED"));
      assertThat(http.get("/api/v1/runs/" + each + "/epochs").json().size()).isEqualTo(3);
      List<Long> numbers = eventNumbers(each);
      assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList());
    }
    assertThat(attempt(id)).isEqualTo(3);
    assertThat(reasons(id)).contains("its worker was lost", "its worker stopped");
    assertThat(attempt(queued)).isEqualTo(1);
  }

  /** Each hangs inside the library that speaks TLS, which is told nothing while it reads. */
  private void freeSlotsOfImportsThatHang() {
    List<UUID> hanging =
        Stream.generate(() -> source("url", "url", https.url()))
            .limit(IMPORTS)
            .map(source -> accepted(http.post(DATASETS, source)))
            .toList();
    hanging.forEach(this::awaitBytes);
    UUID waiting = accepted(http.post(DATASETS, Map.of("source", Map.of("type", "sample"))));
    assertThat(dataset(waiting).at("/progress/bytesDone").asLong()).isZero();
    hanging.forEach(
        id -> assertThat(http.delete(DATASETS + "/" + id).status()).as("%s", id).isEqualTo(204));
    await().atMost(FOUND).until(() -> dataset(waiting).get("state").asString().equals("READY"));
  }

  private static UUID accepted(Http.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return UUID.fromString(answer.json().get("id").asString());
  }

  private void awaitBytes(UUID dataset) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> dataset(dataset).at("/progress/bytesDone").asLong() > 0);
  }

  /** An upload, a directory and a download, each in its middle. */
  private List<UUID> importFromEverywhere(byte[] archive) throws IOException {
    byte[] body = new Multipart().file("archive", "slow.zip", archive).bytes();
    Path directory = SlowPictures.directory(home.resolve("pictures"), SLOW);
    List<UUID> importing =
        Stream.of(
                http.post(DATASETS, Multipart.CONTENT_TYPE, body),
                http.post(DATASETS, source("directory", "path", directory.toString())),
                http.post(DATASETS, source("url", "url", https.url())))
            .map(KillIT::accepted)
            .toList();
    importing.forEach(this::awaitBytes);
    assertThat(importing)
        .allSatisfy(id -> assertThat(dataset(id).get("state").asString()).isEqualTo("IMPORTING"));
    return importing;
  }

  private static Map<String, ?> source(String type, String key, String value) {
    return Map.of("source", Map.of("type", type, key, value));
  }

  private void assertImportedBySecondAttempt(UUID dataset) {
    awaitDataset(dataset, "READY");
    assertThat(dataset(dataset).get("pictures").asInt()).isEqualTo(SLOW);
    String path = "/api/v1/runs?kind=import&dataset=" + dataset;
    UUID run = UUID.fromString(http.get(path).json().at("/items/0/id").asString());
    await().atMost(FOUND).until(() -> state(run).equals("SUCCEEDED"));
    assertThat(attempt(run)).isEqualTo(2);
    assertThat(reasons(run)).contains("its worker was lost");
    assertThat(eventNumbers(run))
        .isEqualTo(LongStream.rangeClosed(1, eventNumbers(run).size()).boxed().toList());
  }

  private void awaitDataset(UUID id, String state) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> dataset(id).get("state").asString().equals(state));
  }

  private JsonNode dataset(UUID id) {
    return http.get(DATASETS + "/" + id).json();
  }

  /** In the middle of an epoch; FleetIT kills one that another host ends. */
  @Test
  @Tag("proof")
  void aKilledTrainingEndsWithTheSameWeights() throws Exception {
    start();
    UUID dataset = SampleImport.into(http);
    UUID whole = train(dataset, 2);
    awaitSuccess(whole);

    UUID killed = train(dataset, 2);
    awaitStep(killed, 30);
    kill();
    start();
    awaitRunning(killed, 1);
    long resumed = run(killed).at("/resumedFrom/step").asLong();
    assertThat(resumed).as("not all was lost").isPositive();
    awaitSuccess(killed);
    assertThat(reasons(killed)).contains("its worker was lost");
    assertSameEnd(killed, whole);
  }

  /** The full form: one run, at nineteen random moments killed, at another asked to end. */
  @Test
  @Tag("proof")
  void killedTwentyTimesATrainingEndsWithTheSameWeights() throws Exception {
    start("--onecycle.run.max-attempts=100");
    UUID dataset = SampleImport.into(http);
    UUID whole = train(dataset, 3);
    awaitSuccess(whole);

    UUID killed = train(dataset, 3);
    RandomGenerator moments = new Seed(20).generator();
    long step = 0;
    for (int kill = 0; kill < 20; kill++) {
      awaitStep(killed, step);
      Thread.sleep(moments.nextInt(1000)); // the moment is what is random
      step = run(killed).at("/progress/step").asLong();
      if (kill == 10) {
        askToEnd();
      } else {
        kill();
      }
      start("--onecycle.run.max-attempts=100");
    }
    awaitSuccess(killed);
    assertThat(reasons(killed)).contains("its worker stopped");
    assertThat(attempt(killed)).isGreaterThan(15);
    assertSameEnd(killed, whole);
  }

  private void askToEnd() throws InterruptedException {
    long asked = System.nanoTime();
    assertThat(child.end()).as("128 + SIGTERM: no crash").isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(25));
  }

  /** The full form: twenty requests, each the last that its process answered. */
  @Test
  @Tag("proof")
  void whatWasAcceptedIsThereHoweverSoonItsProcessDies() throws Exception {
    start("--onecycle.run.max-attempts=100");
    UUID dataset = SampleImport.into(http);
    List<UUID> accepted = new ArrayList<>();
    for (int kill = 0; kill < 20; kill++) {
      accepted.add(trainAndKillWhenAccepted(dataset));
      start("--onecycle.run.max-attempts=100");
    }
    accepted.forEach(this::awaitSuccess);
    assertThat(accepted).doesNotHaveDuplicates();
    accepted.forEach(id -> assertThat(validLosses(id)).isEqualTo(validLosses(accepted.get(0))));
  }

  private void assertSameEnd(UUID run, UUID whole) {
    assertThat(stateSha256(run)).isEqualTo(stateSha256(whole)).hasSize(64);
    assertThat(validLosses(run)).isEqualTo(validLosses(whole)).isNotEmpty();
  }

  private UUID train(UUID dataset, int epochs) {
    return UUID.fromString(
        http.post("/api/v1/runs", training(dataset, epochs)).json().get("id").asString());
  }

  /** The process gets no time to do anything after its answer. */
  private UUID trainAndKillWhenAccepted(UUID dataset) throws Exception {
    byte[] body = new JsonMapper().writeValueAsBytes(training(dataset, 2));
    URI address = http.uri("/api/v1/runs");
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String head =
          """
          POST %s HTTP/1.1\r
          Host: %s\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          """
              .formatted(address.getPath(), address.getAuthority(), body.length);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("\r\n\r\n") < 0) {
        answer.append((char) socket.getInputStream().read());
      }
      kill();
      assertThat(answer).startsWith("HTTP/1.1 202");
      Matcher location = Pattern.compile("/api/v1/runs/(\\S+)\r").matcher(answer);
      assertThat(location.find()).as(answer.toString()).isTrue();
      return UUID.fromString(location.group(1));
    }
  }

  /** Epochs of 25 steps. */
  private static Map<String, ?> training(UUID dataset, int epochs) {
    Map<String, ?> small =
        Map.of(
            "itemSize", 32,
            "phases[0].size", 32,
            "phases[0].batchSize", 32,
            "phases[0].epochs", epochs,
            "precision", "float32");
    return Map.of("dataset", dataset, "recipe", "smoke", "overrides", small);
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
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--onecycle.worker.resume-every=2s",
                "--onecycle.worker.tta-menu-pictures=10",
                "--onecycle.dataset.imports=" + IMPORTS,
                "--onecycle.dataset.roots=" + home));
    arguments.addAll(List.of(settings));
    List<String> flags = https == null ? List.of() : List.of(https.flag());
    child = ServiceProcess.start(ServiceMain.class, home, Map.of(), flags, arguments);
    submitted = 0;
    http = child.http();
  }

  private UUID submit(String recipe) {
    child.tell("0 " + recipe);
    return UUID.fromString(child.hear("submitted ", submitted++));
  }

  private void awaitRunning(UUID id, int attempt) {
    await().atMost(FOUND).until(() -> state(id).equals("RUNNING") && attempt(id) > attempt);
  }

  /** The state that it is in then. */
  private String ask(UUID id, String action) {
    return http.post("/api/v1/runs/" + id + "/" + action, "").json().get("state").asString();
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
