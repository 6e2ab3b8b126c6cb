package dev.onecycle.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL 17 for tests, one server a JVM, started at the first use and stopped with the
 * JVM: a container where Docker answers, else the binaries of a jar. It says which.
 */
public final class Postgres {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Postgres() {}

  /** The JDBC URL, user and password included, of a new and empty database. */
  public static String newDatabase() {
    String name = "onecycle_" + DATABASES.incrementAndGet();
    String server = Server.URL;
    try (Connection connection = DriverManager.getConnection(server);
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("no new database on " + server, e);
    }
    return server.replaceFirst("/[^/?]*\\?", "/" + name + "?");
  }

  /** Loaded, and so started, by the first test that asks. */
  private static final class Server {
    static final String URL = start();

    private static String start() {
      boolean docker = DockerClientFactory.instance().isDockerAvailable();
      String url = docker ? container() : embedded();
      System.out.println(
          "PostgreSQL for the tests: "
              + (docker ? "container postgres:17" : "embedded, as no Docker answers")
              + ", "
              + url);
      return url;
    }

    /** Never closed here: Testcontainers removes it when the JVM ends. */
    @SuppressWarnings("resource")
    private static String container() {
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:17");
      container.start();
      return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
          .formatted(
              container.getHost(),
              container.getFirstMappedPort(),
              container.getDatabaseName(),
              container.getUsername(),
              container.getPassword());
    }

    /** Never closed here: it closes itself, and deletes its data, when the JVM ends. */
    @SuppressWarnings("resource")
    private static String embedded() {
      try {
        return EmbeddedPostgres.builder().start().getJdbcUrl("postgres", "postgres")
            + "&password=postgres";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
