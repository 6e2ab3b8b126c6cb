package dev.onecycle.platform;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The time of the database that several hosts share, whatever each host's own clock says: leases,
 * heartbeats and the order of the queue compare times that different processes wrote.
 *
 * <p>It is the machine's clock plus an offset that is measured at the start and then again and
 * again; while the database does not answer, the last one counts.
 */
final class DatabaseClock extends Clock {

  /**
   * Less, beyond the time that the question took, is noise: following it would make time run back
   * and forth.
   */
  private static final Duration NOISE = Duration.ofMillis(100);

  /** More than this between two machines is worth a word. */
  private static final Duration WORTH_A_WORD = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

  private final Clock machine;
  private final DataSource database;
  private volatile Duration offset = Duration.ZERO;

  /**
   * Makes a clock in UTC that is right at once.
   *
   * @throws IllegalStateException without a database
   */
  DatabaseClock(Clock machine, DataSource database) {
    this.machine = machine;
    this.database = database;
    try {
      follow();
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not tell the time", e);
    }
  }

  @Scheduled(initialDelay = 10, fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
  void measure() {
    try {
      follow();
    } catch (SQLException e) {
      log.debug("the database does not tell the time", e);
    }
  }

  private void follow() throws SQLException {
    Duration trip;
    Duration measured;
    try (Connection connection = database.getConnection()) {
      Instant before = machine.instant();
      Instant theirs = now(connection);
      trip = Duration.between(before, machine.instant());
      measured = Duration.between(before.plus(trip.dividedBy(2)), theirs);
    }
    if (measured.minus(offset).abs().compareTo(NOISE.plus(trip)) > 0) {
      offset = measured.truncatedTo(ChronoUnit.MICROS);
      if (offset.abs().compareTo(WORTH_A_WORD) > 0) {
        log.warn("this machine's clock is {} off the database's, which counts", offset.negated());
      }
    }
  }

  private static Instant now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select current_timestamp")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return machine.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource following = () -> instant();
    return following.withZone(zone);
  }
}
