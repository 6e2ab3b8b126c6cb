package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Postgres;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import tools.jackson.databind.json.JsonMapper;

/** Once means once, on both databases. */
class IdempotencyIT {

  private static final List<DataSource> DATABASES = new ArrayList<>();

  @BeforeAll
  static void migrate() {
    DATABASES.add(
        new DriverManagerDataSource("jdbc:h2:mem:once;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000"));
    DATABASES.add(new DriverManagerDataSource(Postgres.newDatabase()));
    for (DataSource database : DATABASES) {
      Flyway.configure().dataSource(database).target("1").load().migrate();
      JdbcClient.create(database).sql("create table made (id uuid primary key)").update();
    }
  }

  static List<Creation> databases() {
    return DATABASES.stream().map(Creation::new).toList();
  }

  /** A creating route on one database. */
  private static final class Creation {
    private final JdbcClient jdbc;
    private final Idempotency idempotency;
    private final String scope = "made-" + UUID.randomUUID();

    Creation(DataSource database) {
      jdbc = JdbcClient.create(database);
      idempotency =
          new Idempotency(
              jdbc, new JdbcTransactionManager(database), new JsonMapper(), Clock.systemUTC());
      jdbc.sql("delete from made").update();
    }

    UUID once(String key, Object request) {
      return idempotency.once(key, scope, request, this::make);
    }

    UUID make() {
      UUID id = UUID.randomUUID();
      jdbc.sql("insert into made (id) values (?)").param(id).update();
      return id;
    }

    long made() {
      return jdbc.sql("select count(*) from made").query(Long.class).single();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void theSameRequestHasTheSameAnswer(Creation creation) {
    UUID first = creation.once("k", Map.of("a", 1, "b", 2));
    assertThat(creation.once("k", Map.of("b", 2, "a", 1))).isEqualTo(first);
    assertThat(creation.once("other", Map.of("a", 1, "b", 2))).isNotEqualTo(first);
    assertThat(creation.made()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("databases")
  void anotherRequestWithTheKeyIsAConflict(Creation creation) {
    creation.once("k", Map.of("a", 1));
    assertThatThrownBy(() -> creation.once("k", Map.of("a", 2)))
        .isInstanceOf(Failure.Conflict.class);
    assertThat(creation.made()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("databases")
  void everyCallerHasKeysOfTheirOwn(Creation creation) {
    try {
      UUID nobodys = creation.once("k", "x");
      UUID annas = as("anna", creation);
      assertThat(annas).isNotEqualTo(nobodys);
      assertThat(as("ben", creation)).isNotIn(nobodys, annas);
      assertThat(as("anna", creation)).isEqualTo(annas);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  private static UUID as(String caller, Creation creation) {
    SecurityContextHolder.getContext()
        .setAuthentication(new PreAuthenticatedAuthenticationToken(caller, null, List.of()));
    return creation.once("k", "x");
  }

  @ParameterizedTest
  @MethodSource("databases")
  void withoutAKeyEveryRequestCreates(Creation creation) {
    creation.once(null, "x");
    creation.once(null, "x");
    assertThat(creation.made()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("databases")
  void aFailureLeavesNeitherKeyNorResource(Creation creation) {
    assertThatThrownBy(
            () ->
                creation.idempotency.once(
                    "k",
                    creation.scope,
                    "x",
                    () -> {
                      creation.make();
                      throw new Failure.Invalid("no");
                    }))
        .isInstanceOf(Failure.Invalid.class);
    assertThat(creation.made()).isZero();
    creation.once("k", "y");
    assertThat(creation.made()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("databases")
  void manyAtOnceMakeOne(Creation creation) throws Exception {
    int callers = 8;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<UUID>> answers = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return creation.once("k", "x");
                }));
      }
      start.countDown();
      Set<UUID> ids = new HashSet<>();
      for (Future<UUID> answer : answers) {
        ids.add(answer.get());
      }
      assertThat(ids).hasSize(1);
      assertThat(creation.made()).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void aKeyIsShortAndPrintable(Creation creation) {
    for (String key : List.of("", "a b", "x".repeat(201), "ä", "a\nb")) {
      assertThatThrownBy(() -> creation.once(key, "x")).isInstanceOf(Failure.Invalid.class);
    }
    assertThat(creation.made()).isZero();
  }
}
