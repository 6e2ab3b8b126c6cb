package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.onecycle.testing.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresConnectionsIT {

  @Test
  void neitherEndWaitsForEver() throws SQLException {
    try (HikariDataSource pool = pool(Postgres.newDatabase());
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show idle_in_transaction_session_timeout")) {
      row.next();
      assertThat(row.getString(1)).isEqualTo("10s");
      assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
    }
  }

  @Test
  void theUrlKnowsBetterHowLongToWait() throws SQLException {
    try (HikariDataSource pool = pool(Postgres.newDatabase() + "&socketTimeout=7");
        Connection connection = pool.getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(7_000);
    }
  }

  @Test
  void otherDatabasesAreLeftAlone() {
    try (HikariDataSource pool = pool("jdbc:h2:mem:")) {
      assertThat(pool.getConnectionInitSql()).isNull();
      assertThat(pool.getDataSourceProperties()).isEmpty();
    }
  }

  private static HikariDataSource pool(String url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    new PostgresConnections().postProcessBeforeInitialization(pool, "dataSource");
    return pool;
  }
}
