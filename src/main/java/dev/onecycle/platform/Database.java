package dev.onecycle.platform;

import java.util.Locale;
import org.springframework.boot.jdbc.DatabaseDriver;

/**
 * The database that this process uses.
 *
 * @param shared whether other processes use it too: PostgreSQL, not the H2 file of one process
 */
public record Database(boolean shared) {

  /**
   * Returns the database of a JDBC URL.
   *
   * @throws StartRefused if a process of that role cannot do its part on it
   */
  static Database of(String url, Role role) {
    boolean shared = DatabaseDriver.fromJdbcUrl(url) != DatabaseDriver.H2;
    if (!shared && role != Role.ALL) {
      throw new StartRefused(
          "onecycle.role is "
              + role.name().toLowerCase(Locale.ROOT)
              + ", but an H2 database has one process, which does everything",
          "Set spring.datasource.url to a PostgreSQL that all processes share, or onecycle.role=all.");
    }
    return new Database(shared);
  }
}
