package dev.onecycle.platform;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hibernate.TransactionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that does not answer. What a worker has to write can wait: the work pauses at its next
 * write and goes on when the database is back, under its lease if nobody took the run meanwhile.
 */
public final class Outage {

  private static final Logger log = LoggerFactory.getLogger(Outage.class);
  private static final long LOOK_AGAIN_MILLIS = 1_000;

  private Outage() {}

  /**
   * Writes, again and again while the database does not answer. A write whose answer was lost is
   * repeated, so it must be one that may come twice.
   *
   * @param hopeless says when to give up: then the last failure is thrown
   */
  public static <T> T outlast(Supplier<T> write, BooleanSupplier hopeless) {
    while (true) {
      try {
        return write.get();
      } catch (RuntimeException e) {
        if (!caused(e) || hopeless.getAsBoolean()) {
          throw e;
        }
        log.warn("the database does not answer; what there is to write waits: {}", e.toString());
        pause(e);
      }
    }
  }

  /** Writes as {@link #outlast(Supplier, BooleanSupplier)} does, where nothing is returned. */
  public static void outlast(Runnable write, BooleanSupplier hopeless) {
    outlast(
        () -> {
          write.run();
          return null;
        },
        hopeless);
  }

  /**
   * Returns whether something failed because the database did not answer. That a transaction could
   * be neither committed nor rolled back means the same.
   */
  public static boolean caused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException
          || cause instanceof SQLNonTransientConnectionException
          || cause instanceof SQLRecoverableException
          || cause instanceof TransactionException
          || (cause instanceof SQLException sql && isGone(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether it is SQL's class 08, connections; PostgreSQL's 57P, shutting down, 53, out of
   * resources, and 25P03: it ended a transaction in which this process, frozen for a while, did
   * nothing.
   */
  private static boolean isGone(String state) {
    return state != null && Stream.of("08", "57P", "53", "25P03").anyMatch(state::startsWith);
  }

  private static void pause(RuntimeException failure) {
    try {
      Thread.sleep(LOOK_AGAIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
