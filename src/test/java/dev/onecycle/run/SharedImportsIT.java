package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.SlowPictures;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two processes that answer requests, as if on two hosts: each has a home of its own, and they
 * share a PostgreSQL and a store.
 */
@Tag("proof")
class SharedImportsIT {

  private static final String DATASETS = "/api/v1/datasets";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path hosts;

  private final String database = Postgres.newDatabase();

  private ServiceProcess host(String name) throws IOException {
    Path home = Files.createDirectories(hosts.resolve(name));
    return ServiceProcess.start(
        ServiceMain.class,
        home,
        Map.of(),
        List.of("-XX:TieredStopAtLevel=1"),
        List.of(
            "--onecycle.role=api",
            "--onecycle.worker.heartbeat=500ms",
            "--onecycle.dataset.max-waiting=30",
            "--onecycle.dataset.roots=" + hosts,
            "--onecycle.store.directory=" + hosts.resolve("store"),
            "--spring.datasource.url=" + database));
  }

  @Test
  void shareImportsAndGoOnWithThoseOfOneThatIsKilled() throws Exception {
    try (ServiceProcess first = host("first");
        ServiceProcess second = host("second")) {
      Http http = first.http();
      second.http();
      byte[] archive = SlowPictures.zip(4);
      List<UUID> shared = Stream.generate(() -> upload(http, archive)).limit(20).toList();
      shared.forEach(id -> awaitReady(http, id));
      List<JsonNode> runs = shared.stream().map(id -> run(http, id)).toList();
      assertThat(runs).allSatisfy(run -> assertThat(run.get("attempt").asInt()).isEqualTo(1));
      assertThat(runs.stream().map(SharedImportsIT::worker).collect(Collectors.toSet()))
          .as("all were sent to one, and both imported")
          .isEqualTo(Set.of(Long.toString(first.pid()), Long.toString(second.pid())));

      String directory = SlowPictures.directory(hosts.resolve("pictures"), 60).toString();
      UUID killed = accepted(http.post(DATASETS, directory(directory)));
      await().atMost(PATIENCE).until(() -> pictures(http, killed) > 0);
      String holder = worker(run(http, killed));
      ServiceProcess dies = holder.equals(Long.toString(first.pid())) ? first : second;
      ServiceProcess lives = dies == first ? second : first;
      UUID waiting = upload(dies.http(), archive);
      dies.kill();

      awaitReady(lives.http(), killed);
      awaitReady(lives.http(), waiting);
      JsonNode run = run(lives.http(), killed);
      assertThat(run.get("attempt").asInt()).isEqualTo(2);
      assertThat(run.get("transitions").toString()).contains("its worker was lost");
      assertThat(run(lives.http(), waiting).get("attempt").asInt()).isEqualTo(1);
    }
  }

  private static Map<String, ?> directory(String path) {
    return Map.of("source", Map.of("type", "directory", "path", path));
  }

  private static UUID upload(Http http, byte[] archive) {
    byte[] body = new Multipart().file("archive", "slow.zip", archive).bytes();
    return accepted(http.post(DATASETS, Multipart.CONTENT_TYPE, body));
  }

  private static UUID accepted(Http.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return UUID.fromString(answer.json().get("id").asString());
  }

  private static void awaitReady(Http http, UUID dataset) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(state(http, dataset)).isNotEqualTo("FAILED"))
        .until(() -> state(http, dataset).equals("READY"));
  }

  private static String state(Http http, UUID dataset) {
    return http.get(DATASETS + "/" + dataset).json().get("state").asString();
  }

  private static int pictures(Http http, UUID dataset) {
    return http.get(DATASETS + "/" + dataset).json().at("/progress/pictures").asInt();
  }

  /** A dataset's import, once it has ended or with what it did so far. */
  private static JsonNode run(Http http, UUID dataset) {
    String id =
        http.get("/api/v1/runs?kind=import&dataset=" + dataset).json().at("/items/0/id").asString();
    return http.get("/api/v1/runs/" + id).json();
  }

  /** The number of the process that began a run last. */
  private static String worker(JsonNode run) {
    List<String> workers =
        run.get("transitions")
            .valueStream()
            .filter(made -> made.get("state").asString().equals("RUNNING"))
            .map(made -> made.get("worker").asString())
            .toList();
    String worker = workers.get(workers.size() - 1);
    return worker.substring(worker.lastIndexOf(':') + 1);
  }
}
