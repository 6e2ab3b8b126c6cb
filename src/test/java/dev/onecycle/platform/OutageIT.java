package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Postgres;
import dev.onecycle.testing.Wire;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a PostgreSQL that is gone looks like to its driver, in each of the ways that it can go. */
class OutageIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private String direct;
  private Wire wire;
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    direct = Postgres.newDatabase();
    URI address = URI.create(direct.substring("jdbc:".length()));
    wire = new Wire(address.getPort());
    String near =
        direct.replace("//" + address.getAuthority() + "/", "//127.0.0.1:" + wire.port() + "/");
    connection = DriverManager.getConnection(near + "&socketTimeout=1");
    connection.setAutoCommit(false);
    select();
  }

  @AfterEach
  void disconnect() throws IOException, SQLException {
    connection.close();
    wire.close();
  }

  @Test
  void itsConnectionBreaks() {
    wire.cut();
    assertThat(Outage.caused(catchThrowable(this::select))).isTrue();
  }

  @Test
  void itSaysNothingAnyMore() {
    wire.silence();
    assertThat(Outage.caused(catchThrowable(this::select))).isTrue();
  }

  @Test
  void itEndsATransactionInWhichNothingHappens() throws SQLException {
    execute(connection, "set idle_in_transaction_session_timeout = '50ms'");
    await().atMost(SOON).until(() -> sessions() == 0);
    Throwable ended = catchThrowable(this::select);
    assertThat(((SQLException) ended).getSQLState()).isEqualTo("25P03");
    assertThat(Outage.caused(ended)).isTrue();
  }

  private void select() throws SQLException {
    execute(connection, "select 1");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Of the database, without the one that asks. */
  private int sessions() throws SQLException {
    try (Connection other = DriverManager.getConnection(direct);
        Statement statement = other.createStatement();
        var row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
