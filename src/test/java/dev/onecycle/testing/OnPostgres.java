package dev.onecycle.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/**
 * The same tests on PostgreSQL, for a class that extends a {@link OpenServer}. Such classes share
 * one more server.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ContextConfiguration(initializers = OnPostgres.Settings.class)
public @interface OnPostgres {

  /**
   * A new database, and a home for what lies beside it. At the JVM's end the database may be gone
   * before the server is, which then waits for it no longer than that.
   */
  class Settings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
      Map<String, Object> settings =
          Map.of(
              "spring.datasource.url", Postgres.newDatabase(),
              "spring.datasource.hikari.connection-timeout", "3000",
              "onecycle.home", OpenServer.newHome().toString());
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("on PostgreSQL", settings));
    }
  }
}
