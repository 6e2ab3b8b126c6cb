package dev.onecycle.platform;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.stereotype.Component;

/**
 * Lets PostgreSQL end a transaction in which nothing happens any more: that of a process which is
 * frozen or cut off. The rows that it has locked would otherwise keep every other worker from
 * taking its runs, for as long as its connection seems to live.
 */
@Component
class AbandonedTransactions implements BeanPostProcessor {

  /** Half of the time after which a silent worker is lost; ours pause for milliseconds. */
  private static final String LIMIT = "set idle_in_transaction_session_timeout = '10s'";

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof HikariDataSource pool
        && DatabaseDriver.fromJdbcUrl(pool.getJdbcUrl()) == DatabaseDriver.POSTGRESQL) {
      pool.setConnectionInitSql(LIMIT);
    }
    return bean;
  }
}
