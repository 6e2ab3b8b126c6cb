package dev.onecycle.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.Onecycle;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.Ids;
import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.SettableClock;
import dev.onecycle.torch.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Workers on one host whose GPUs only this test knows, on both databases. */
class ThisWorkerIT {

  private static final Device FIRST = new Device(true, 0);
  private static final Device SECOND = new Device(true, 1);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Object> lost = new ArrayList<>();
  private ConfigurableApplicationContext context;

  @AutoConfigurationPackage(basePackageClasses = Onecycle.class)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    FlywayAutoConfiguration.class,
    HibernateJpaAutoConfiguration.class,
    DataJpaRepositoriesAutoConfiguration.class
  })
  static class OnlyTheDatabase {}

  @AfterEach
  void close() {
    context.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void aSecondProcessGetsTheNextGpuAndAThirdNoneAloud(String database) {
    open(database);
    ThisWorker first = worker(1, 1);
    ThisWorker second = worker(2, 1);
    ThisWorker third = worker(3, 1);
    assertThat(first.beat()).containsExactly(FIRST);
    assertThat(second.beat()).containsExactly(SECOND);
    assertThat(third.beat()).isEmpty();
    assertThat(row(third).notice()).contains("0 of 1").contains("cuda:0 by host:1");
    assertThat(row(third).slots()).isZero();
    assertThat(row(first).notice()).isNull();
    assertThat(row(first).devices()).extracting(WorkerDevice::device).containsExactly("cuda:0");

    first.enlist(new Database(true));
    first.leave();
    assertThat(third.beat()).as("what is left is taken at the next beat").containsExactly(FIRST);
    assertThat(row(third).notice()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void whatItLacksIsSaidAsFarAsTheRowHoldsIt(String database) {
    open(database);
    List<WorkerDevice> gpus = DevicesTest.host(16).devices();
    String name = "a-host-in-a-cluster-with-a-very-long-name".repeat(2);
    ThisWorker first = worker(new Host(name, 1, gpus), 0);
    ThisWorker second = worker(new Host(name, 2, gpus), 0);
    assertThat(first.beat()).hasSize(16);
    assertThat(second.beat()).isEmpty();
    assertThat(row(second).notice()).startsWith("it works on 0 of 16").hasSize(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void whoWasSilentForTooLongLosesItsGpusForGood(String database) {
    open(database);
    ThisWorker silent = worker(1, 0);
    ThisWorker next = worker(2, 4);
    assertThat(silent.beat()).containsExactly(FIRST, SECOND);
    clock.advance(Duration.ofSeconds(20));
    assertThat(next.beat()).as("four beats may be late").isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(next.beat()).containsExactly(FIRST, SECOND, FIRST, SECOND);
    assertThat(silent.beat()).isEmpty();
    assertThat(row(silent).notice()).contains("0 of 2").contains("host:2");

    clock.advance(Duration.ofHours(2));
    next.beat();
    assertThat(workers().findById(silent.id())).as("it is forgotten").isEmpty();
    assertThat(silent.beat()).isEmpty();
    assertThat(row(silent).lastHeartbeat()).as("but may come back").isEqualTo(clock.instant());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void whoNeitherBeatsNorLeavesIsLostOnce(String database) {
    open(database);
    var transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    List<Fleet> hosts = List.of(fleet(DevicesTest.properties(1)), fleet(DevicesTest.properties(1)));
    Runnable look = () -> hosts.forEach(h -> transactions.executeWithoutResult(s -> h.look()));
    ThisWorker silent = worker(1, 1);
    silent.beat();
    clock.advance(Duration.ofSeconds(20));
    look.run();
    assertThat(lost).as("four beats may be late").isEmpty();
    Instant last = row(silent).lastHeartbeat();
    clock.advance(Duration.ofSeconds(1));
    look.run();
    look.run();
    assertThat(lost).containsExactly(new WorkerLost(silent.id(), "host:1", "host", last));

    silent.beat();
    look.run();
    assertThat(lost).as("it came back").hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    transactions.executeWithoutResult(status -> hosts.get(0).forgetAll());
    assertThat(lost).as("the ancestor of a process that just begins").hasSize(2);
    clock.advance(Duration.ofMinutes(1));
    look.run();
    assertThat(lost).hasSize(2);
    assertThat(workers().findById(silent.id())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void drainsAndGoesOnAsItsRowSays(String database) {
    open(database);
    ThisWorker worker = worker(1, 0);
    assertThat(worker.takesRuns()).isTrue();
    worker.beat();
    drain(worker.id(), true);
    worker.beat();
    assertThat(worker.takesRuns()).as("a beat does not write over it").isFalse();
    drain(worker.id(), false);
    assertThat(worker.takesRuns()).isTrue();
    worker.retire();
    assertThat(worker.takesRuns()).as("whatever its row says").isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void theProcessorIsNobodysAlone(String database) {
    open(database);
    Host host = new Host("host", 1, List.of(new WorkerDevice("cpu", null, null, false)));
    assertThat(worker(host, 2).beat()).containsExactly(Device.CPU, Device.CPU);
    assertThat(worker(host, 0).beat()).containsExactly(Device.CPU);
  }

  private void open(String database) {
    String url =
        database.equals("h2")
            ? "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"
            : Postgres.newDatabase();
    context =
        new SpringApplicationBuilder(OnlyTheDatabase.class)
            .web(WebApplicationType.NONE)
            .run("--spring.datasource.url=" + url, "--spring.main.banner-mode=off");
  }

  private ThisWorker worker(int process, int slots) {
    return worker(new Host("host", process, DevicesTest.host(2).devices()), slots);
  }

  private ThisWorker worker(Host host, int slots) {
    WorkerProperties properties = DevicesTest.properties(slots);
    return new ThisWorker(
        host,
        properties,
        workers(),
        new DeviceLeases(jdbc()),
        fleet(properties),
        context.getBean(PlatformTransactionManager.class),
        new Ids(clock),
        clock);
  }

  private Fleet fleet(WorkerProperties properties) {
    return new Fleet(workers(), properties, clock, lost::add);
  }

  private Worker row(ThisWorker worker) {
    return workers().findById(worker.id()).orElseThrow();
  }

  private void drain(UUID worker, boolean draining) {
    jdbc().sql("update worker set draining = ? where id = ?").params(draining, worker).update();
  }

  private JdbcClient jdbc() {
    return JdbcClient.create(context.getBean(DataSource.class));
  }

  private Workers workers() {
    return context.getBean(Workers.class);
  }
}
