package dev.onecycle.platform;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.stereotype.Component;

/**
 * The settings by which neither end of a connection to PostgreSQL waits for ever for the other.
 *
 * <p>The server ends a transaction in which nothing happens any more: that of a process which is
 * frozen or cut off. The rows that it has locked would otherwise keep every other worker from
 * taking its runs, for as long as its connection seems to live. The driver gives up a connection on
 * which no answer comes: a worker whose server went away without a word would wait for it, and take
 * no run from its successor.
 */
@Component
class PostgresConnections implements BeanPostProcessor {

  /** Half of the time after which a silent worker is lost; ours pause for milliseconds. */
  private static final String ABANDONED = "set idle_in_transaction_session_timeout = '10s'";

  private static final String SILENT_SECONDS = "60";

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool
        && DatabaseDriver.fromJdbcUrl(pool.getJdbcUrl()) == DatabaseDriver.POSTGRESQL) {
      pool.setConnectionInitSql(ABANDONED);
      // What the URL says of these goes before.
      pool.addDataSourceProperty("tcpKeepAlive", "true");
      pool.addDataSourceProperty("socketTimeout", SILENT_SECONDS);
    }
    return bean;
  }
}
