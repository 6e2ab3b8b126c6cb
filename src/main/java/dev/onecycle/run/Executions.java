package dev.onecycle.run;

import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The queries that we ask of db-scheduler's tables beyond its client. */
@Component
class Executions {

  private static final String OVERTAKES =
      """
      select count(*) from %1$s mine, (
        select priority, execution_time from %1$s
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
  void withdraw(Run run) {
    jdbc.sql(
            "delete from "
                + run.pool().table()
                + " where task_name = ? and task_instance = ? and picked = false")
        .params(run.pool().task(), run.id().toString())
        .update();
  }

  /** Gives a run that waits its place in the queue anew. */
  void prioritize(Run run) {
    jdbc.sql(
            "update "
                + run.pool().table()
                + " set priority = ? where task_name = ? and task_instance = ?")
        .params(run.spec().priority(), run.pool().task(), run.id().toString())
        .update();
  }

  /** Returns whether the execution that was picked as that version is still its picker's. */
  boolean holds(Run run, long version) {
    return jdbc.sql(
                "select count(*) from "
                    + run.pool().table()
                    + " where task_name = ? and task_instance = ?"
                    + " and version = ? and picked = true")
            .params(run.pool().task(), run.id().toString(), version)
            .query(Long.class)
            .single()
        == 1;
  }

  /**
   * Returns whether one that is due would go before a run's, by the order that the scheduler picks
   * in.
   */
  boolean overtakes(Run run, Instant now) {
    return jdbc.sql(OVERTAKES.formatted(run.pool().table()))
            .params(now.atOffset(ZoneOffset.UTC), run.pool().task(), run.id().toString())
            .query(Long.class)
            .single()
        == 1;
  }

  /** Makes every picked execution look dead, for the pool's scheduler to find when it starts. */
  int expire(Pool pool) {
    return jdbc.sql("update " + pool.table() + " set last_heartbeat = ? where picked = true")
        .param(Instant.EPOCH.atOffset(ZoneOffset.UTC))
        .update();
  }
}
