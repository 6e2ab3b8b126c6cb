package dev.onecycle.run.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.Postgres;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The table of steps on both databases. */
class RunStepsIT {

  private static final String H2 = "jdbc:h2:mem:steps;DB_CLOSE_DELAY=-1";

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void isTheCurveThatWasTold(String database) {
    DataSource source =
        new DriverManagerDataSource(database.equals("h2") ? H2 : Postgres.newDatabase());
    Flyway.configure().dataSource(source).load().migrate();
    JdbcTemplate jdbc = new JdbcTemplate(source);
    UUID run = run(jdbc);
    RunSteps steps = new RunSteps(jdbc);
    StepCurve curve = steps.curve(run);
    for (long step = 1; step <= 3_000; step++) {
      curve.add(step(step));
      if (step % 400 == 0) {
        write(steps, run, curve);
      }
    }
    write(steps, run, curve);
    StepCurve told = new StepCurve();
    LongStream.rangeClosed(1, 3_000).forEach(step -> told.add(step(step)));
    assertThat(steps.of(run, 1_000_000)).isEqualTo(told.changes().points());

    steps.forgetAfter(run, 1_001);
    List<StepPoint> kept = steps.of(run, 1_000_000);
    assertThat(kept.get(kept.size() - 1).lastStep()).isEqualTo(1_001);
    jdbc.update("delete from run where id = ?", run);
    assertThat(steps.of(run, 1)).isEmpty();
  }

  private static void write(RunSteps steps, UUID run, StepCurve curve) {
    StepCurve.Changes changes = curve.changes();
    steps.write(run, changes);
    curve.wrote(changes);
  }

  private static StepRecord step(long step) {
    return new StepRecord(1, 0, 1, step, 3_000, 1.0 / step, 2.0 / step, 1e-3, 0.9, 100);
  }

  private static UUID run(JdbcTemplate jdbc) {
    UUID id = UUID.randomUUID();
    jdbc.update(
        """
        insert into dataset (id, name, state, source, split, progress, created_at, updated_at)
        values (?, 'a row', 'READY', cast('{}' as json), cast('{}' as json),
          cast('{}' as json), current_timestamp, current_timestamp)
        """,
        id);
    jdbc.update(
        """
        insert into run (id, kind, name, dataset_id, recipe, seed, priority, state, attempt,
          losses, max_attempts, last_event, created_at)
        values (?, 'train', 'a row', ?, cast('{}' as json), 42, 0, 'RUNNING', 1, 0, 3, 0,
          current_timestamp)
        """,
        id,
        id);
    return id;
  }
}
