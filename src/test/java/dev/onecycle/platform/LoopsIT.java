package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.RunNotifier;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.KeyedServer;
import dev.onecycle.testing.Rows;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is told of loops. The server calls one hanging that is a second late. */
class LoopsIT extends KeyedServer {

  private static final String NOTIFIER = "RunNotifier.poll";
  private static final String HEALTH = "/actuator/health";
  private static final Pattern SILENCE =
      Pattern.compile("onecycle_loop_silence_seconds\\{loop=\"([^\"]+)\"} (\\S+)");

  @Autowired private JdbcClient jdbc;
  @Autowired private RunNotifier notifier;

  private Map<String, Double> silences() {
    Map<String, Double> silences = new TreeMap<>();
    SILENCE
        .matcher(http().as(VIEWER).get("/actuator/prometheus").text())
        .results()
        .forEach(line -> silences.put(line.group(1), Double.parseDouble(line.group(2))));
    return silences;
  }

  private String status(String part) {
    return http().as(VIEWER).get(HEALTH).json().at(part + "/status").asString();
  }

  @Test
  void everyLoopIsWatched() {
    assertThat(silences())
        .containsOnlyKeys(
            "batcher",
            "import-queue",
            "run-queue",
            "orphans",
            "runs",
            "Classifiers.unloadUnused",
            "Fleet.look",
            "ImportSlots.look",
            "Orphans.look",
            NOTIFIER,
            "RunWorker.flush",
            "SearchLoop.look",
            "WebhookSender.forget",
            "WebhookSender.look",
            "WorkerStart.live");
    assertThat(silences().get("batcher")).as("it has nothing to do").isZero();
  }

  @Test
  void aLoopThatHangsIsSeen() {
    UUID run = Rows.run(jdbc);
    CountDownLatch hangs = new CountDownLatch(1);
    RunNotifier.Subscription subscription = notifier.subscribe(run, change -> awaitQuietly(hangs));
    try {
      String loop = "/components/loops/components/" + NOTIFIER;
      await().until(() -> status(loop).equals("OUT_OF_SERVICE"));
      Answer health = http().as(VIEWER).get(HEALTH);
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.json().get("status").asString()).isEqualTo("OUT_OF_SERVICE");
      assertThat(health.text()).as("no details").doesNotContain("/", "silent");
      assertThat(status("/components/loops/components/batcher")).isEqualTo("UP");
      assertThat(silences().get(NOTIFIER)).isGreaterThan(1.0);
      assertThat(http().get(HEALTH + "/liveness").status()).isEqualTo(200);
    } finally {
      hangs.countDown();
      subscription.close();
    }
    await().until(() -> status("").equals("UP"));
    assertThat(silences().get(NOTIFIER)).isLessThan(60);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
