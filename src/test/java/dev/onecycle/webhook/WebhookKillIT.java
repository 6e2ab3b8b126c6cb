package dev.onecycle.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.Onecycle;
import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.Program;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service whose receiver is down, then up and silent, and which is killed meanwhile: nothing that
 * happened is lost, and what is about one model comes in its order.
 */
class WebhookKillIT {

  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir private Path home;

  private final CountDownLatch over = new CountDownLatch(1);
  private Receiver receiver;
  private ServiceProcess service;

  /** The service as a process. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) {
      String port =
          SpringApplication.run(Onecycle.class, args)
              .getEnvironment()
              .getProperty("local.server.port");
      System.out.println("port " + port);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    over.countDown();
    if (service != null) {
      service.close();
    }
    receiver.close();
  }

  private void start() throws IOException {
    service =
        ServiceProcess.start(
            Child.class,
            home,
            Map.of(),
            List.of(),
            List.of(
                "--onecycle.webhook.private-hosts=true",
                "--onecycle.webhook.hooks[0].name=mine",
                "--onecycle.webhook.hooks[0].url=" + receiver.url(),
                "--onecycle.webhook.hooks[0].secret=" + Receiver.SECRET));
  }

  @Test
  void nothingThatHappenedIsLost() throws Exception {
    receiver = new Receiver();
    start();
    List<String> checkpoints = List.of(checkpoint(1), checkpoint(2));
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      served.add(checkpoints.get(i % 2));
      Map<String, ?> body = Map.of("checkpoint", served.get(i));
      Answer switched = service.http().put("/api/v1/models/told", body);
      assertThat(switched.status()).as(switched.text()).isBetween(200, 201);
    }
    service.http().put("/api/v1/models/told", Map.of("checkpoint", served.get(4))); // no switch
    SampleImport.into(service.http());
    await().until(() -> metric("onecycle_webhook_deliveries{state=\"waiting\"}") == 6);

    CountDownLatch told = new CountDownLatch(1);
    receiver.answers(message -> silent(told));
    receiver.up();
    told.await();
    service.kill();
    over.countDown();
    receiver.answers(message -> 204);
    start();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(receiver.first("model.switched")).hasSize(5);
              assertThat(receiver.first("run.ended")).hasSize(1);
              assertThat(receiver.first("worker.lost")).hasSize(1);
            });
    await().until(() -> metric("onecycle_webhook_deliveries{state=\"waiting\"}") == 0);
    assertThat(metric("onecycle_webhook_deliveries{state=\"dead\"}")).isZero();

    assertThat(receiver.first("model.switched"))
        .extracting(message -> message.json().at("/data/checkpoint").asString())
        .isEqualTo(served);
    assertThat(receiver.first("model.switched").get(1).json().at("/data/before").asString())
        .isEqualTo(served.get(0));
    Receiver.Message ended = receiver.first("run.ended").get(0);
    assertThat(ended.json().at("/data/kind").asString()).isEqualTo("import");
    assertThat(ended.json().at("/data/state").asString()).isEqualTo("SUCCEEDED");
    assertVerified(ended);
  }

  /** Hears, and does not answer before the end. */
  private int silent(CountDownLatch told) {
    told.countDown();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 204;
  }

  private double metric(String name) {
    return service
        .http()
        .get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(-1);
  }

  /** By what the README has its readers paste, and not where a character is another. */
  private void assertVerified(Receiver.Message message) throws Exception {
    Matcher snippet =
        Pattern.compile("(?s)```python\n(import base64.*?)```")
            .matcher(Files.readString(Path.of("README.md")));
    assertThat(snippet.find()).isTrue();
    Map<String, Object> sent = new HashMap<>();
    sent.put("headers", message.headers());
    sent.put("body", message.body());
    sent.put("secret", Receiver.SECRET);
    String script =
        snippet.group(1)
            + """

            import json, sys
            sent = json.load(open("sent.json"))
            body = sent["body"].encode()
            assert verified(sent["secret"], sent["headers"], body)
            assert not verified(sent["secret"], sent["headers"], body + b" ")
            assert not verified(sent["secret"], {**sent["headers"], "webhook-timestamp": "1"}, body)
            """;
    Files.writeString(home.resolve("sent.json"), new JsonMapper().writeValueAsString(sent));
    try {
      Program.run(home, Map.of(), List.of("python3", "-c", script)).succeeded();
    } catch (IOException e) {
      assumeTrue(false, "there is no python3");
    }
  }

  /** A network that nobody trained, for pictures of 32 pixels. */
  private String checkpoint(long seed) throws IOException {
    Path file = home.resolve("weights-" + seed);
    WeightsFile.write(file, States.xresnet18(2, seed), Map.of());
    String manifest = "{\"architecture\": \"xresnet18\", \"labels\": [\"a\", \"b\"], \"size\": 32}";
    byte[] body =
        new Multipart()
            .file("weights", "weights", Files.readAllBytes(file))
            .field("manifest", manifest)
            .bytes();
    Answer made = service.http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().get("id").asString();
  }
}
