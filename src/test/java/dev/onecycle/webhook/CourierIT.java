package dev.onecycle.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.store.download.Connections;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.SettableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Events on their way to a receiver that is down, slow, or leads astray; on both databases. */
class CourierIT {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private JdbcClient jdbc;
  private Deliveries deliveries;
  private Receiver receiver;
  private Webhook hook;

  @BeforeEach
  void begin() throws IOException {
    receiver = new Receiver();
    hook = new Webhook("mine", receiver.url(), null, Receiver.SECRET);
  }

  @AfterEach
  void end() {
    receiver.close();
    threads.shutdownNow();
  }

  private void open(String database) {
    DriverManagerDataSource source =
        database.equals("h2")
            ? new DriverManagerDataSource(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "")
            : new DriverManagerDataSource(Postgres.newDatabase());
    Flyway.configure().dataSource(source).locations("classpath:db/migration").load().migrate();
    jdbc = JdbcClient.create(source);
    deliveries = new Deliveries(jdbc, clock);
  }

  private void happened(String subject, String body) {
    jdbc.sql(
            "insert into webhook_event (message, type, subject, body, created_at, spread)"
                + " values (?, 'model.switched', ?, ?, ?, false)")
        .params(
            "msg_" + subject + "_" + body.hashCode(),
            subject,
            "{\"type\":\"model.switched\",\"data\":" + body + "}",
            clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  private Courier courier(Connections connections, int maxAttempts) {
    return new Courier(hook, deliveries, connections, maxAttempts, meters, clock);
  }

  private double count(String outcome) {
    return meters.counter("onecycle.webhook.attempts", "hook", "mine", "outcome", outcome).count();
  }

  /** Looks until something of that outcome happened so many times. */
  private void until(Courier courier, String outcome, int times) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              courier.look(threads);
              return count(outcome) >= times;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void isToldOnceTheReceiverIsUpInTheOrderOfWhatHappened(String database) throws IOException {
    open(database);
    List.of("1", "2", "3").forEach(body -> happened("a", body));
    happened("b", "4");
    deliveries.spread(List.of(hook));
    deliveries.spread(List.of(hook));
    assertThat(deliveries.count(false)).isEqualTo(4);
    Courier courier = courier(Connections.anywhere(), 5);
    until(courier, "failed", 2);
    assertThat(deliveries.due(hook)).as("each waits, and the others behind it").isEmpty();

    receiver.up();
    clock.advance(Duration.ofSeconds(1));
    assertThat(deliveries.due(hook)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    until(courier, "delivered", 4);
    assertThat(receiver.messages()).hasSize(4);
    assertThat(receiver.messages().stream().map(m -> m.json().get("data").asInt()).toList())
        .containsSubsequence(1, 2, 3)
        .contains(4);
    Receiver.Message first = receiver.messages().get(0);
    assertThat(first.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("webhook-timestamp", Long.toString(clock.instant().getEpochSecond()))
        .containsEntry(
            "webhook-signature", hook.signature(first.id(), clock.instant(), first.body()));
    assertThat(deliveries.count(false)).isZero();
    assertThat(rows("webhook_event")).as("what everybody was told is gone").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void isGivenUpAtLastAndHoldsUpNothing(String database) throws IOException {
    open(database);
    happened("a", "1");
    happened("a", "2");
    deliveries.spread(List.of(hook));
    receiver.up().answers(message -> message.body().contains(":1}") ? 500 : 200);
    Courier courier = courier(Connections.anywhere(), 2);
    until(courier, "failed", 1);
    clock.advance(Duration.ofSeconds(2));
    until(courier, "dead", 1);
    until(courier, "delivered", 1);
    assertThat(deliveries.count(true)).isOne();
    assertThat(receiver.messages()).hasSize(3);
    assertThat(receiver.messages().get(0).id()).isEqualTo(receiver.messages().get(1).id());
    assertThat(deliveries.forgetBefore(clock.instant().minusSeconds(2))).isZero();
    assertThat(deliveries.forgetBefore(clock.instant())).as("later").isOne();
    assertThat(rows("webhook_delivery")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void whatAProcessThatDiedWasTellingIsToldByTheNext(String database) throws IOException {
    open(database);
    happened("a", "1");
    deliveries.spread(List.of(hook));
    Delivery dead = deliveries.due(hook).get(0);
    assertThat(deliveries.claim(hook, dead)).isTrue();
    assertThat(deliveries.claim(hook, dead)).as("by two at a time").isFalse();
    assertThat(deliveries.due(hook)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    receiver.up();
    until(courier(Connections.anywhere(), 5), "delivered", 1);
    assertThat(receiver.messages()).hasSize(1);

    deliveries.again(hook, dead.claimed()); // too late to matter
    assertThat(rows("webhook_event")).isZero();
  }

  @Test
  void severalHostsTellEachEventOnceAndInOrder() throws Exception {
    open("postgres");
    int events = 60;
    List<String> subjects = List.of("a", "b", "c");
    for (int i = 0; i < events; i++) {
      happened(subjects.get(i % 3), Integer.toString(i));
    }
    receiver.up();
    List<Courier> hosts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      hosts.add(courier(Connections.anywhere(), 5));
      threads.execute(() -> deliveries.spread(List.of(hook)));
    }
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              hosts.forEach(host -> host.look(threads));
              return count("delivered") >= events;
            });
    assertThat(receiver.messages()).hasSize(events);
    Set<String> ids = new HashSet<>();
    receiver.messages().forEach(message -> ids.add(message.id()));
    assertThat(ids).as("each once").hasSize(events);
    for (int subject = 0; subject < 3; subject++) {
      int third = subject;
      assertThat(receiver.messages().stream().map(m -> m.json().get("data").asInt()).toList())
          .filteredOn(number -> number % 3 == third)
          .isSorted();
    }
  }

  @Test
  void neitherRedirectsNorPrivateServersAreFollowed() throws IOException {
    open("h2");
    happened("a", "1");
    deliveries.spread(List.of(hook));
    receiver.up().answers(message -> 302);
    Courier anywhere = courier(Connections.anywhere(), 9);
    until(anywhere, "failed", 1);
    anywhere.stop();
    assertThat(receiver.messages()).as("the redirect was not asked").hasSize(1);

    hook = new Webhook("mine", receiver.url().replace("http:", "https:"), null, Receiver.SECRET);
    clock.advance(Duration.ofSeconds(2));
    until(courier(Connections.toPublic(), 9), "failed", 2);
    assertThat(receiver.messages()).as("nor the private address").hasSize(1);
    assertThat(new WebhookPost(hook, claimed(), clock.instant(), Connections.toPublic()).send())
        .isEqualTo("127.0.0.1 is not a public address");
  }

  private static Delivery claimed() {
    return new Delivery(1, "msg", "run.ended", "{}", 1);
  }

  @Test
  void aReceiverThatNeverAnswersIsLeft() throws Exception {
    open("h2");
    happened("a", "1");
    deliveries.spread(List.of(hook));
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    receiver
        .up()
        .answers(
            message -> {
              told.countDown();
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 200;
            });
    Courier courier = courier(Connections.anywhere(), 9);
    courier.look(threads);
    told.await();
    courier.stop();
    await().until(() -> count("failed") == 1);
    courier.look(threads);
    over.countDown();
    assertThat(deliveries.count(false)).as("it is told at the next start").isOne();
    deliveries.hurry();
    assertThat(deliveries.due(hook)).hasSize(1);
  }

  @Test
  void whatNobodyWantsIsForgotten() {
    open("h2");
    happened("a", "1");
    deliveries.spread(
        List.of(new Webhook("runs", receiver.url(), List.of("run.ended"), Receiver.SECRET)));
    assertThat(rows("webhook_event")).isZero();
  }

  private long rows(String table) {
    return jdbc.sql("select count(*) from " + table).query(Long.class).single();
  }
}
