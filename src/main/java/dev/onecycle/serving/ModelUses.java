package dev.onecycle.serving;

import dev.onecycle.platform.Uses;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Models that serve a checkpoint. */
@Component
class ModelUses implements Uses {

  private final JdbcClient jdbc;

  ModelUses(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<String> links(UUID id, int most) {
    return jdbc
        .sql(
            "select name from model where checkpoint_id = ?"
                + " order by id desc fetch first ? rows only")
        .params(id, most)
        .query(String.class)
        .stream()
        .map(name -> "/api/v1/models/" + name)
        .toList();
  }
}
