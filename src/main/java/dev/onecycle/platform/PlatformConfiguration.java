package dev.onecycle.platform;

import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.hibernate.cfg.AvailableSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that every room takes from the process: time, its version, JSON columns. */
@Configuration(proxyBeanMethods = false)
class PlatformConfiguration {

  @Bean
  Database database(JdbcConnectionDetails connection, OnecycleProperties onecycle) {
    return Database.of(connection.getJdbcUrl(), onecycle.role());
  }

  /** Ends the process in a thread of its own: the end waits for the one that asks for it. */
  @Bean
  ProcessExit processExit() {
    return code -> new Thread(() -> System.exit(code), "exit").start();
  }

  /**
   * Returns a clock in UTC, cut to microseconds: what both databases keep, so that a time read back
   * equals itself.
   */
  @Bean(defaultCandidate = false)
  Clock machineClock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  }

  /**
   * Returns the time that counts: the machine's, or the database's where several machines share it.
   */
  @Bean
  Clock clock(
      Database database,
      @Qualifier("machineClock") Clock machine,
      ObjectProvider<DataSource> source) {
    return database.shared() ? new DatabaseClock(machine, source.getObject()) : machine;
  }

  @Bean
  CodeVersion codeVersion(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new CodeVersion(
        properties == null ? "development" : String.valueOf(properties.getVersion()));
  }

  /**
   * Sets how JSON columns are read and written. Hibernate by itself would take Jackson 2, which
   * springdoc brings along.
   */
  @Bean
  HibernatePropertiesCustomizer jsonColumns(StoredJson json) {
    return properties -> properties.put(AvailableSettings.JSON_FORMAT_MAPPER, json.columns());
  }
}
