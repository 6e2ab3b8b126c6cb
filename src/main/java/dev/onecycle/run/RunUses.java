package dev.onecycle.run;

import dev.onecycle.platform.Uses;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Runs that work on a dataset, or begin with a checkpoint. */
@Component
class RunUses implements Uses {

  private final JdbcClient jdbc;

  RunUses(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<String> links(UUID id, int most) {
    return jdbc
        .sql(
            "select id from run where dataset_id = ? or from_checkpoint_id = ?"
                + " order by id desc fetch first ? rows only")
        .params(id, id, most)
        .query(UUID.class)
        .stream()
        .map(run -> "/api/v1/runs/" + run)
        .toList();
  }
}
