package dev.onecycle.run;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A dataset's row for runs that read no pictures. */
final class ReadyDataset {

  private ReadyDataset() {}

  static UUID insert(JdbcClient jdbc) {
    return insert(jdbc, "READY");
  }

  static UUID insert(JdbcClient jdbc, String state) {
    UUID id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into dataset
              (id, name, state, source, split, attempt, progress, created_at, updated_at)
            values (?, 'for a run', ?, '{"type":"sample"}' format json, '{}' format json, 1,
              '{"bytesDone":0,"pictures":0,"unreadable":0}' format json,
              current_timestamp, current_timestamp)
            """)
        .params(id, state)
        .update();
    return id;
  }
}
