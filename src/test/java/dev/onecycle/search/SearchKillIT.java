package dev.onecycle.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.S3Server;
import dev.onecycle.testing.ServiceProcess;
import dev.onecycle.testing.TwoColours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A search in whose middle processes are killed finds what it finds without. */
@Tag("proof")
class SearchKillIT {

  private static final String SEARCHES = "/api/v1/searches";
  private static final Duration PATIENCE = Duration.ofMinutes(8);

  @TempDir private Path homes;

  private ServiceProcess api;
  private ServiceProcess worker;
  private S3Server s3;

  @AfterEach
  void end() throws Exception {
    for (ServiceProcess process : new ServiceProcess[] {api, worker}) {
      if (process != null) {
        process.close();
      }
    }
    if (s3 != null) {
      s3.close();
    }
  }

  private ServiceProcess start(String home, String... settings) throws IOException {
    return ServiceProcess.start(
        ServiceMain.class,
        Files.createDirectories(homes.resolve(home)),
        S3Server.credentials(),
        List.of(),
        List.of(settings));
  }

  @Test
  void ofTheOnlyProcess() throws Exception {
    String[] settings = {"--onecycle.worker.resume-every=1s", "--onecycle.run.max-attempts=100"};
    api = start("home", settings);
    UUID dataset = TwoColours.into(api.http());
    List<String> whole = board(api.http(), ended(begun(dataset)));
    String killed = begun(dataset);
    for (int scores = 1; scores < 7; scores += 2) {
      awaitScores(killed, scores);
      api.kill();
      api = start("home", settings);
    }
    assertThat(board(api.http(), ended(killed))).isEqualTo(whole).hasSize(4);
  }

  @Test
  void ofAWorkerAndOfTheProcessThatAnswers() throws Exception {
    s3 = new S3Server();
    String[] shared = {
      "--spring.datasource.url=" + Postgres.newDatabase(),
      "--onecycle.worker.heartbeat=500ms",
      "--onecycle.worker.resume-every=1s",
      "--onecycle.run.max-attempts=100",
      "--onecycle.store.type=s3",
      "--onecycle.store.s3.bucket=" + s3.newBucket(),
      "--onecycle.store.s3.region=us-east-1",
      "--onecycle.store.s3.path-style=true",
      "--onecycle.store.s3.endpoint=" + s3.endpoint(),
      "--onecycle.role=api"
    };
    String[] working = shared.clone();
    working[working.length - 1] = "--onecycle.role=worker";
    api = start("api", shared);
    api.http();
    worker = start("worker", working);
    UUID dataset = TwoColours.into(api.http());
    List<String> whole = board(api.http(), ended(begun(dataset)));
    String killed = begun(dataset);
    awaitScores(killed, 1);
    worker.kill();
    worker = start("worker", working);
    awaitScores(killed, 4);
    api.kill();
    api = start("api", shared);
    worker.kill();
    worker = start("other", working);
    assertThat(board(api.http(), ended(killed))).isEqualTo(whole).hasSize(4);
  }

  private String begun(UUID dataset) {
    Answer answer = api.http().post(SEARCHES, SearchIT.request(dataset, 4));
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().get("id").asString();
  }

  private void awaitScores(String search, int least) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                api.http()
                        .get(SEARCHES + "/" + search)
                        .json()
                        .get("trials")
                        .valueStream()
                        .mapToInt(trial -> trial.get("scores").size())
                        .sum()
                    >= least);
    assertThat(api.http().get(SEARCHES + "/" + search).json().has("endedAt"))
        .as("in its middle")
        .isFalse();
  }

  private String ended(String search) {
    await()
        .atMost(PATIENCE)
        .until(() -> api.http().get(SEARCHES + "/" + search).json().has("endedAt"));
    return search;
  }

  /** What each trial drew and reached, in the order of the leaderboard. */
  private static List<String> board(Http http, String search) {
    JsonNode shown = http.get(SEARCHES + "/" + search).json();
    assertThat(shown.get("state").asString()).isEqualTo("SUCCEEDED");
    return shown
        .get("trials")
        .valueStream()
        .map(trial -> trial.get("number") + " " + trial.get("settings") + trial.get("scores"))
        .toList();
  }
}
