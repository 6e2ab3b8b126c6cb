package dev.onecycle.testing;

import java.util.Arrays;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database as it was when imports had a queue of their own, and what that queue held. */
public final class OldImports {

  private static final String USER = "sa";

  private OldImports() {}

  /** Migrates an empty database up to the migration before the one that ended that queue. */
  public static void migrate(String url) {
    MigrationInfo[] all = flyway(url, "latest").info().all();
    int ends = Arrays.stream(all).map(MigrationInfo::getDescription).toList().indexOf("import run");
    flyway(url, all[ends - 1].getVersion().getVersion()).migrate();
  }

  private static Flyway flyway(String url, String target) {
    return Flyway.configure()
        .dataSource(database(url))
        .locations("classpath:db/migration")
        .target(target)
        .load();
  }

  private static DriverManagerDataSource database(String url) {
    return url.startsWith("jdbc:h2:")
        ? new DriverManagerDataSource(url, USER, "")
        : new DriverManagerDataSource(url);
  }

  /** The sample's import, which a killed process began twice. */
  public static UUID waiting(String url) {
    return insert(url, "{\"type\":\"sample\"}", null);
  }

  /** An import of an uploaded archive. */
  public static UUID uploaded(String url) {
    return insert(url, "{\"type\":\"upload\",\"path\":\"a.zip\"}", "a-file-of-some-process");
  }

  private static UUID insert(String url, String source, String uploadFile) {
    UUID id = UUID.randomUUID();
    JdbcClient jdbc = JdbcClient.create(database(url));
    jdbc.sql(
            Rows.portable(
                jdbc,
                """
                insert into dataset
                  (id, name, state, source, upload_file, split, attempt, heartbeat_at, progress,
                   created_at, updated_at)
                values (?, 'old', 'IMPORTING', '%s' format json, ?,
                  '{"strategy":"folders","validFraction":0.2,"seed":42}' format json, 2,
                  current_timestamp,
                  '{"bytesDone":0,"pictures":0,"unreadable":0}' format json,
                  current_timestamp, current_timestamp)
                """
                    .formatted(source)))
        .params(id, uploadFile)
        .update();
    return id;
  }
}
