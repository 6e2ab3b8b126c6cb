package dev.onecycle.testing;

import dev.onecycle.platform.Ids;
import java.time.Clock;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows for tests that need something to refer to and do not care how it came about. */
public final class Rows {

  private static final Ids IDS = new Ids(Clock.systemUTC());

  private Rows() {}

  /** A dataset of that state with 80 training and 20 validation pictures, whose pack is gone. */
  public static UUID dataset(JdbcClient jdbc, String state) {
    UUID id = IDS.next();
    jdbc.sql(
            portable(
                jdbc,
                """
            insert into dataset
              (id, name, state, source, split, progress, pictures, labels,
               statistics, archive, created_at, updated_at)
            values (?, 'a row', ?, '{"type":"sample"}' format json, '{}' format json,
              '{"bytesDone":0,"pictures":0,"unreadable":0}' format json, 100,
              '[{"name":"ant","train":40,"valid":10},{"name":"bee","train":40,"valid":10}]'
                format json,
              '{"mean":[0.5,0.5,0.5],"std":[0.25,0.25,0.25]}' format json,
              '{"key":"datasets/gone","size":1,"sha256":""}' format json,
              current_timestamp, current_timestamp)
            """))
        .params(id, state)
        .update();
    return id;
  }

  /** Leaves earlier tests' datasets without a picture that a page would look for. */
  public static void retireDatasets(JdbcClient jdbc) {
    jdbc.sql("update dataset set state = 'FAILED' where name = 'a row'").update();
  }

  /** A run that ended, with a dataset that nobody looks at: it is FAILED. */
  public static UUID run(JdbcClient jdbc) {
    UUID id = IDS.next();
    jdbc.sql(
            portable(
                jdbc,
                """
            insert into run
              (id, kind, name, dataset_id, recipe, seed, priority, state, attempt, losses,
               max_attempts, last_event, created_at, ended_at)
            values (?, 'train', 'a row', ?, '{}' format json, 42, 0, 'CANCELLED', 0, 0,
              3, 0, current_timestamp, current_timestamp)
            """))
        .params(id, dataset(jdbc, "FAILED"))
        .update();
    return id;
  }

  /** H2 must be told that a text is JSON; PostgreSQL sees it by the column. */
  public static String portable(JdbcClient jdbc, String sql) {
    return h2(jdbc) ? sql : sql.replace(" format json", "");
  }

  /** A parameter that is JSON, for SQL of that database. */
  public static String json(JdbcClient jdbc) {
    return h2(jdbc) ? "? format json" : "cast(? as json)";
  }

  private static boolean h2(JdbcClient jdbc) {
    return jdbc.sql("select count(*) from information_schema.tables where table_name = 'IN_DOUBT'")
            .query(Long.class)
            .single()
        > 0;
  }
}
