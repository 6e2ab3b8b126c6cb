package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.platform.Seed;
import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.S3Server;
import dev.onecycle.testing.ServiceProcess;
import dev.onecycle.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Processes with homes of their own, as if on several hosts: one answers requests, the others work.
 * They share a PostgreSQL, at the end of a wire that can be cut, and a bucket. The clock of every
 * second worker is five minutes wrong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class FleetStory {

  private static final String API = "/api/v1";

  /** For everything that takes seconds on an idle machine. */
  private static final Duration SOON = Duration.ofMinutes(1);

  /** For a training, also on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Of the training that moves: it has not ended when its first epoch was seen. */
  private static final int EPOCHS = 4;

  private final int workerCount;
  private final int runCount;
  private final Duration heartbeat;
  private final Duration outage;

  private Path hosts;
  private S3Server s3;
  private String bucket;
  private Wire wire;
  private String database;
  private ServiceProcess api;
  private int submitted;
  private final List<ServiceProcess> workers = new ArrayList<>();

  FleetStory(int workerCount, int runCount, Duration heartbeat, Duration outage) {
    this.workerCount = workerCount;
    this.runCount = runCount;
    this.heartbeat = heartbeat;
    this.outage = outage;
  }

  @BeforeAll
  void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
    hosts = directory;
    s3 = new S3Server();
    bucket = s3.newBucket();
    String server = Postgres.newDatabase();
    URI address = URI.create(server.substring("jdbc:".length()));
    wire = new Wire(address.getPort());
    String near = "//127.0.0.1:" + wire.port() + "/";
    database = server.replace("//" + address.getAuthority() + "/", near);
    api = host("api", "api", Duration.ZERO);
    api.http();
    for (int i = 0; i < workerCount; i++) {
      workers.add(host("worker-" + i, "worker", Duration.ofMinutes(i % 2 == 0 ? 0 : 5)));
    }
    workers.forEach(ServiceProcess::http);
    await().atMost(SOON).until(() -> inState("LIVE") == workerCount);
  }

  private ServiceProcess host(String name, String role, Duration skew) throws IOException {
    Path home = Files.createDirectories(hosts.resolve(name));
    return ServiceProcess.start(
        ServiceMain.class,
        home,
        S3Server.credentials(),
        List.of("-Dskew=" + skew),
        List.of(
            "--onecycle.role=" + role,
            "--onecycle.worker.heartbeat=" + heartbeat.toMillis() + "ms",
            "--onecycle.store.type=s3",
            "--onecycle.store.s3.bucket=" + bucket,
            "--onecycle.store.s3.region=us-east-1",
            "--onecycle.store.s3.path-style=true",
            "--onecycle.store.s3.endpoint=" + s3.endpoint(),
            "--spring.datasource.url=" + database));
  }

  @AfterAll
  void stop() throws Exception {
    for (ServiceProcess worker : workers) {
      worker.close();
    }
    api.close();
    wire.close();
    s3.close();
  }

  @Test
  @Order(1)
  void eachHasItsRole() throws IOException {
    Http worker = workers.get(0).http();
    assertThat(worker.get("/actuator/health").json().get("status").asString()).isEqualTo("UP");
    assertThat(worker.get("/actuator/prometheus").status()).isEqualTo(200);
    Http.Answer refused = worker.get(API + "/runs");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.json().get("fix").asString()).contains("api or all");

    assertThat(api.http().get("/actuator/health").json().get("status").asString()).isEqualTo("UP");
    assertThat(fleet().stream().map(row -> row.get("process").asLong()))
        .containsExactlyInAnyOrderElementsOf(workers.stream().map(ServiceProcess::pid).toList());
    assertThat(workers.get(1).log()).contains("off the database's");
    assertThat(fleet().stream().map(row -> Instant.parse(row.get("startedAt").asString())))
        .as("no row has the wrong clock's time")
        .allMatch(started -> !started.isAfter(Instant.now()));
  }

  @Test
  @Order(2)
  void noRunIsLostNoneIsDoneTwiceAndTheUrgentGoFirst() {
    fleet().forEach(worker -> tell(worker, "drain"));
    List<UUID> runs = new ArrayList<>();
    for (int i = 0; i < runCount; i++) {
      runs.add(submit(i * 7 % 10, "{\"epochs\":2}"));
    }
    fleet().forEach(worker -> tell(worker, "undrain"));
    runs.forEach(id -> awaitState(id, "SUCCEEDED"));

    List<JsonNode> done = runs.stream().map(this::run).toList();
    done.forEach(this::assertDoneOnce);
    for (JsonNode run : done) {
      long overtaken =
          done.stream()
              .filter(other -> priority(other) > priority(run))
              .filter(other -> started(other).isAfter(started(run)))
              .count();
      assertThat(overtaken).as("each worker may just be claiming one").isLessThan(workerCount);
    }
  }

  @Test
  @Order(3)
  void aWorkerThatSleptThroughItsLeaseWritesNothing() throws Exception {
    Path gate = hosts.resolve("zombie");
    UUID id = submit(0, "{\"epochs\":3,\"holds\":true,\"file\":\"" + gate + "\"}");
    await().atMost(SOON).until(() -> Files.exists(Path.of(gate + ".held")));
    int attempt = attempt(id);
    ServiceProcess sleeper = worker(id);
    sleeper.signal("STOP");
    try {
      await().atMost(SOON).until(() -> attempt(id) > attempt && state(id).equals("RUNNING"));
      assertThat(worker(id)).isNotSameAs(sleeper);
      assertThat(inState("LOST")).isEqualTo(1);
    } finally {
      sleeper.signal("CONT");
    }
    await().atMost(SOON).until(() -> sleeper.log().contains("was taken for dead and stops"));
    Files.createFile(gate);
    awaitState(id, "SUCCEEDED");
    assertWhole(id, 3);
    assertThat(run(id).get("transitions").toString()).contains("its worker was lost");
    await().atMost(SOON).until(() -> inState("LIVE") == workerCount);
  }

  @Test
  @Order(4)
  void aDatabaseThatIsGoneForAWhileCostsNothing() throws Exception {
    Path gate = hosts.resolve("outage");
    UUID id = submit(0, "{\"epochs\":3,\"file\":\"" + gate + "\"}");
    awaitState(id, "RUNNING");
    UUID waiting = submit(0, "{\"epochs\":1,\"file\":\"" + hosts.resolve("later") + "\"}");
    Instant half = Instant.now().plus(outage.dividedBy(2));
    Instant end = Instant.now().plus(outage);
    wire.silence();
    Files.createFile(gate);
    await().atMost(outage.plus(SOON)).until(() -> Instant.now().isAfter(half));
    wire.cut();
    await().atMost(outage.plus(SOON)).until(() -> Instant.now().isAfter(end));
    wire.mend();
    awaitState(id, "SUCCEEDED");
    assertWhole(id, 3);
    Files.createFile(hosts.resolve("later"));
    awaitState(waiting, "SUCCEEDED");
    assertWhole(waiting, 1);
  }

  @Test
  @Order(5)
  void aRunGoesOnAtAnotherHostWhenItsOwnDies() throws Exception {
    String dataset = upload();
    Map<String, ?> overrides =
        Map.of("phases[0].epochs", EPOCHS, "phases[0].size", 32, "itemSize", 48);
    Map<String, ?> request =
        Map.of("dataset", dataset, "recipe", "smoke", "name", "moved", "overrides", overrides);
    UUID whole = train(request);
    awaitState(whole, "SUCCEEDED", PATIENCE);
    UUID id = train(request);
    await().atMost(SOON).until(() -> !epochs(id).isEmpty());
    ServiceProcess first = worker(id);
    first.kill();
    workers.remove(first);

    await().atMost(SOON).until(() -> attempt(id) == 2);
    awaitState(id, "SUCCEEDED", PATIENCE);
    assertThat(attempt(id)).as("it was killed while it trained").isEqualTo(2);
    assertThat(epochs(id).size()).isEqualTo(EPOCHS);
    assertThat(stateSha256(id)).isEqualTo(stateSha256(whole)).hasSize(64);
    String checkpoint = run(id).get("checkpoint").asString();
    Http.Answer weights = api.http().get(API + "/checkpoints/" + checkpoint + "/weights");
    assertThat(weights.status()).as("from the bucket").isEqualTo(200);
    assertThat(weights.bytes().length).isGreaterThan(1_000_000);
    assertThat(hosts.resolve("api/native/torch"))
        .as("no engine where none computes")
        .doesNotExist();
  }

  /** Drawn pictures of ten shapes, a few of each, as an archive. */
  private String upload() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Map<String, Integer> counts = new HashMap<>();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      new SampleDataset(new Seed(7))
          .draw(
              (path, png) -> {
                String folder = path.substring(0, path.lastIndexOf('/'));
                if (counts.merge(folder, 1, Integer::sum) <= 8) {
                  zip.putNextEntry(new ZipEntry(path));
                  zip.write(png);
                  zip.closeEntry();
                }
              });
    }
    byte[] body =
        new Multipart()
            .field("name", "shapes")
            .file("archive", "shapes.zip", bytes.toByteArray())
            .bytes();
    Http.Answer accepted = api.http().post(API + "/datasets", Multipart.CONTENT_TYPE, body);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    String path = API + "/datasets/" + accepted.json().get("id").asString();
    await()
        .atMost(SOON)
        .until(() -> api.http().get(path).json().get("state").asString().equals("READY"));
    return accepted.json().get("id").asString();
  }

  private UUID submit(int priority, String recipe) {
    api.tell(priority + " " + recipe);
    return UUID.fromString(api.hear("submitted ", submitted++));
  }

  private void assertDoneOnce(JsonNode run) {
    long ends =
        run.get("transitions")
            .valueStream()
            .filter(made -> made.get("state").asString().equals("SUCCEEDED"))
            .count();
    assertThat(ends).isEqualTo(1);
    assertWhole(UUID.fromString(run.get("id").asString()), 2);
  }

  /** All epochs once, all events in a row. */
  private void assertWhole(UUID id, int epochs) {
    assertThat(epochs(id).valueStream().map(epoch -> epoch.get("epoch").asInt()))
        .isEqualTo(IntStream.range(0, epochs).boxed().toList());
    String path = API + "/runs/" + id + "/events";
    JsonMapper mapper = new JsonMapper();
    List<Long> numbers =
        api.http()
            .get(path, "Accept", "application/x-ndjson")
            .text()
            .lines()
            .map(line -> mapper.readTree(line).get("id").asLong())
            .toList();
    assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList());
  }

  private void awaitState(UUID id, String state) {
    awaitState(id, state, SOON);
  }

  private void awaitState(UUID id, String state, Duration most) {
    await()
        .atMost(most)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> state(id).equals(state));
  }

  private JsonNode run(UUID id) {
    return api.http().get(API + "/runs/" + id).json();
  }

  private UUID train(Map<String, ?> request) {
    Http.Answer accepted = api.http().post(API + "/runs", request);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    return UUID.fromString(accepted.json().get("id").asString());
  }

  private String stateSha256(UUID run) {
    String checkpoint = run(run).get("checkpoint").asString();
    JsonNode shown = api.http().get(API + "/checkpoints/" + checkpoint).json();
    return shown.at("/weights/stateSha256").asString();
  }

  private JsonNode epochs(UUID id) {
    return api.http().get(API + "/runs/" + id + "/epochs").json();
  }

  private String state(UUID id) {
    return run(id).get("state").asString();
  }

  private int attempt(UUID id) {
    return run(id).get("attempt").asInt();
  }

  private static int priority(JsonNode run) {
    return run.get("priority").asInt();
  }

  private static Instant started(JsonNode run) {
    return run.get("transitions")
        .valueStream()
        .filter(made -> made.get("state").asString().equals("RUNNING"))
        .map(made -> Instant.parse(made.get("at").asString()))
        .findFirst()
        .orElseThrow();
  }

  /** The process that a run was started by last. */
  private ServiceProcess worker(UUID id) {
    String name =
        run(id)
            .get("transitions")
            .valueStream()
            .filter(made -> made.get("state").asString().equals("RUNNING"))
            .map(made -> made.get("worker").asString())
            .reduce((earlier, later) -> later)
            .orElseThrow();
    return workers.stream()
        .filter(worker -> name.endsWith(":" + worker.pid()))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> fleet() {
    return api.http().get(API + "/workers").json().get("items").valueStream().toList();
  }

  private long inState(String state) {
    return fleet().stream().filter(row -> row.get("state").asString().equals(state)).count();
  }

  private void tell(JsonNode worker, String what) {
    String path = API + "/workers/" + worker.get("id").asString() + "/" + what;
    assertThat(api.http().post(path, "").status()).isEqualTo(200);
  }
}
