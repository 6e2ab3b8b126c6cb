package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.CountingServer;
import dev.onecycle.run.RunProperties;
import dev.onecycle.run.RunState;
import dev.onecycle.run.web.EventLog.Event;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class RunEventsIT extends CountingServer {

  @Autowired private RunProperties properties;

  @Test
  void aClientThatDropsAndComesBackMissesNothingAndSeesNothingTwice() throws Exception {
    UUID id = submit("{\"epochs\": 4, \"gated\": true}");
    List<Event> seen = new ArrayList<>();
    try (EventLog first = new EventLog(streamOf(id), null)) {
      assertThat(first.response().headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      open(id, 2);
      for (Event event = first.next(); ; event = first.next()) {
        seen.add(event);
        if (event.type().equals("epoch")) {
          break;
        }
      }
    }
    open(id, 2);
    try (EventLog second = new EventLog(streamOf(id), seen.get(seen.size() - 1).id())) {
      seen.addAll(second.rest());
    }
    awaitState(id, RunState.SUCCEEDED);
    assertThat(seen.stream().map(Event::id).toList())
        .isEqualTo(
            IntStream.rangeClosed(1, events(id).size()).mapToObj(Integer::toString).toList());
    assertThat(seen.stream().filter(e -> e.type().equals("epoch"))).hasSize(4);
    assertThat(seen.get(seen.size() - 1).data()).contains("\"SUCCEEDED\"");

    Http.Answer lines =
        http().get("/api/v1/runs/" + id + "/events", "Accept", "application/x-ndjson");
    assertThat(lines.header("Content-Type")).startsWith("application/x-ndjson");
    assertThat(lines.text().lines().toList()).isEqualTo(seen.stream().map(Event::data).toList());
    try (EventLog again = new EventLog(streamOf(id), null)) {
      assertThat(again.rest()).as("reading does not consume").isEqualTo(seen);
    }
  }

  @Test
  void aLocalCommitRingsLongBeforeTheNextPoll() throws Exception {
    UUID id = submit("{\"epochs\": 40, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    try (EventLog log = new EventLog(streamOf(id), null)) {
      long began = System.nanoTime();
      for (int epoch = 0; epoch < 40; epoch++) {
        open(id, 1);
        while (!log.next().type().equals("epoch")) {
          // the state and step events before it
        }
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("40 epochs one after the other, polled they take 20 s")
          .isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void aClientThatDoesNotReadDelaysNobody() throws Exception {
    UUID id = submit("{\"epochs\": 1, \"gated\": true, \"logs\": 100}");
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4_096);
      URI uri = streamOf(id);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()));
      OutputStream out = deaf.getOutputStream();
      String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
      out.write(request.formatted(uri.getPath()).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      open(id, 1);
      awaitState(id, RunState.SUCCEEDED);
      try (EventLog log = new EventLog(uri, null)) {
        assertThat(log.rest()).hasSize(events(id).size());
      }
    }
  }

  @Test
  void refusesMoreClientsThanAllowedAndTakesThemOnceOthersLeft() throws Exception {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    List<EventLog> clients = new ArrayList<>();
    for (int i = 0; i < properties.maxStreams(); i++) {
      clients.add(new EventLog(streamOf(id), null));
    }
    Http.Answer refused = http().get("/api/v1/runs/" + id + "/events");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    assertThat(refused.json().get("detail").asString()).contains("64 clients");
    open(id, 1);
    for (EventLog client : clients) {
      assertThat(client.rest()).isNotEmpty();
      client.close();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> http().get("/api/v1/runs/" + id + "/events").status() == 200);
  }

  @Test
  void refusesWhatCannotBeFollowed() {
    UUID nobody = UUID.randomUUID();
    assertThat(http().get("/api/v1/runs/" + nobody + "/events").status()).isEqualTo(404);
    UUID id = submit("{\"epochs\": 1}");
    String path = "/api/v1/runs/" + id + "/events";
    assertThat(http().get(path, "Last-Event-ID", "-1").status()).isEqualTo(422);
    assertThat(http().get(path, "Last-Event-ID", "seven").status()).isEqualTo(422);
    assertThat(http().get(path, "Accept", "image/png").status()).isEqualTo(406);
    assertThat(http().json("HEAD", path, "").status()).isEqualTo(200);
  }

  @Test
  void afterTheLastEventOfAnEndedRunThereIsNothing() {
    UUID id = submit("{\"epochs\": 1}");
    String path = "/api/v1/runs/" + id;
    await().until(() -> http().get(path).json().get("state").asString().equals("SUCCEEDED"));
    String last = http().get(path).json().get("lastEvent").asString();
    assertThat(http().get(path + "/events", "Last-Event-ID", last).status()).isEqualTo(204);
    Answer before =
        http().get(path + "/events", "Last-Event-ID", "0", "Accept", "application/x-ndjson");
    assertThat(before.text().lines()).hasSize(Integer.parseInt(last));
  }

  private URI streamOf(UUID id) {
    return http().uri("/api/v1/runs/" + id + "/events");
  }
}
