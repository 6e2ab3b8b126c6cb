package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.Http;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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

  private void start() throws IOException {
    said = Files.createTempFile(home, "said-", ".log");
    child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                KillChild.class.getName(),
                "--onecycle.home=" + home,
                "--server.port=0")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
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
