package dev.onecycle.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The queries that we ask of db-scheduler's table beyond its client. */
@Component
class Executions {

  /** The one task that db-scheduler knows: an execution's instance is a run's id. */
  static final String TASK = "run";

  private static final String OVERTAKES =
      """
      select count(*) from scheduled_tasks mine, (
        select priority, execution_time from scheduled_tasks
        where picked = false and execution_time <= ?
        order by priority desc, execution_time fetch first row only) next
      where mine.task_name = ? and mine.task_instance = ?
      and (next.priority > mine.priority
        or next.priority = mine.priority and next.execution_time < mine.execution_time)
      """;

  private final JdbcClient jdbc;

  Executions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Takes a run out of the queue, unless a worker is just claiming it: that one looks again. */
  void withdraw(UUID run) {
    jdbc.sql(
            "delete from scheduled_tasks"
                + " where task_name = ? and task_instance = ? and picked = false")
        .params(TASK, run.toString())
        .update();
  }

  /** Gives a run that waits another place in the queue. */
  void prioritize(UUID run, int priority) {
    jdbc.sql("update scheduled_tasks set priority = ? where task_name = ? and task_instance = ?")
        .params(priority, TASK, run.toString())
        .update();
  }

  /** Returns whether the execution that was picked as that version is still its picker's. */
  boolean holds(UUID run, long version) {
    return jdbc.sql(
                "select count(*) from scheduled_tasks where task_name = ? and task_instance = ?"
                    + " and version = ? and picked = true")
            .params(TASK, run.toString(), version)
            .query(Long.class)
            .single()
        == 1;
  }

  /**
   * Returns whether one that is due would go before a run's, by the order that the scheduler picks
   * in.
   */
  boolean overtakes(UUID run, Instant now) {
    return jdbc.sql(OVERTAKES)
            .params(now.atOffset(ZoneOffset.UTC), TASK, run.toString())
            .query(Long.class)
            .single()
        == 1;
  }

  /** Makes every picked execution look dead, for the scheduler to find when it starts. */
  int expire() {
    return jdbc.sql("update scheduled_tasks set last_heartbeat = ? where picked = true")
        .param(Instant.EPOCH.atOffset(ZoneOffset.UTC))
        .update();
  }
}
