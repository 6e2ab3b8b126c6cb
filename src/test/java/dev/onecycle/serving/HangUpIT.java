package dev.onecycle.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.testing.OpenServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/** Callers that leave while they wait for the device, over bare sockets. */
class HangUpIT extends OpenServer {

  private static final String NAME = "hanging";
  private static final byte[] PICTURE =
      PictureEncoder.jpeg(new Picture(64, 64, new byte[64 * 64 * 3]));

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private ModelPublisher publisher;
  @Autowired private ServingDevice device;
  @Autowired private Batcher batcher;
  @Autowired private MeterRegistry meters;

  private byte[] request() throws IOException {
    URI uri = http().uri("/api/v1/models/" + NAME + "/predictions");
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
            .formatted(uri.getPath(), uri.getAuthority(), PICTURE.length);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(US_ASCII));
    request.writeBytes(PICTURE);
    return request.toByteArray();
  }

  private Socket connect() throws IOException {
    URI uri = http().uri("/");
    return new Socket(uri.getHost(), uri.getPort());
  }

  private double abandoned() {
    Counter counter =
        meters
            .find("onecycle.prediction.requests")
            .tags("model", NAME, "outcome", "abandoned")
            .counter();
    return counter == null ? 0 : counter.count();
  }

  @BeforeEach
  void serve() {
    UUID checkpoint =
        checkpoints
            .save(store.write(States.manifest(List.of("a", "b"), null), States.xresnet18(2, 1)))
            .id();
    publisher.publish(NAME, checkpoint);
  }

  /** Keeps the device busy until it is told. */
  private CountDownLatch busy() {
    CountDownLatch free = new CountDownLatch(1);
    var unused = device.executor().submit(() -> free.await(1, TimeUnit.MINUTES));
    return free;
  }

  private static BufferedReader answers(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  /** As {@code nc -N} and some proxies do: they send no more, and listen. */
  @Test
  void whoClosesOneHalfAloneIsAnswered() throws IOException {
    double left = abandoned();
    CountDownLatch free = busy();
    try (Socket listens = connect()) {
      listens.getOutputStream().write(request());
      listens.shutdownOutput();
      BufferedReader answer = answers(listens);
      assertThat(answer.readLine()).as("it was seen").isEqualTo("HTTP/1.1 102 Processing");
      free.countDown();
      String all = answer.lines().collect(Collectors.joining("\n"));
      assertThat(all.split("HTTP/1.1 200", -1)).hasSize(2);
      String body = all.substring(all.indexOf('{'), all.lastIndexOf('}') + 1);
      assertThat(new JsonMapper().readTree(body).get("predictions")).hasSize(2);
    } finally {
      free.countDown();
    }
    await().until(() -> batcher.booked() == 0);
    assertThat(abandoned()).isEqualTo(left);
  }

  @Test
  void whoLeavesGivesUpThePlace() throws IOException {
    double left = abandoned();
    CountDownLatch free = busy();
    try (Socket stays = connect()) {
      Socket leaves = connect();
      leaves.getOutputStream().write(request());
      stays.getOutputStream().write(request());
      stays.getOutputStream().write(request()); // and asks for more before the first is answered
      await().until(() -> batcher.booked() == 2);
      leaves.close();
      await().until(() -> abandoned() == left + 1);
      free.countDown();
      BufferedReader answers = answers(stays);
      for (int answered = 0; answered < 2; ) {
        answered += answers.readLine().contains("HTTP/1.1 200") ? 1 : 0;
      }
      await().until(() -> batcher.booked() == 0);
      assertThat(abandoned()).isEqualTo(left + 1);
    } finally {
      free.countDown();
    }
  }
}
