package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.run.Lease;
import dev.onecycle.run.Superseded;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.hibernate.TransactionException;
import org.junit.jupiter.api.Test;

class OutageTest {

  private final RuntimeException shuttingDown =
      new IllegalStateException(new SQLException("terminating connection", "57P01"));

  @Test
  void knowsADatabaseThatIsGoneFromOneThatRefuses() {
    assertThat(Outage.caused(shuttingDown)).isTrue();
    assertThat(Outage.caused(new SQLException("connection failure", "08006"))).isTrue();
    assertThat(Outage.caused(new SQLTransientConnectionException("no connection in 30 s")))
        .isTrue();
    assertThat(Outage.caused(new TransactionException("Unable to commit"))).isTrue();
    assertThat(Outage.caused(new SQLException("idle-in-transaction timeout", "25P03"))).isTrue();
    assertThat(Outage.caused(new SQLException("duplicate key", "23505"))).isFalse();
    assertThat(Outage.caused(new IllegalStateException("no database in sight"))).isFalse();
  }

  @Test
  void writesAgainUntilTheDatabaseAnswers() {
    Deque<RuntimeException> failures = new ArrayDeque<>(List.of(shuttingDown));
    String written =
        Outage.outlast(
            () -> {
              if (!failures.isEmpty()) {
                throw failures.remove();
              }
              return "written";
            },
            () -> false);
    assertThat(written).isEqualTo("written");
  }

  @Test
  void givesUpWhereItIsHopelessOrNobodysFault() {
    assertThatThrownBy(() -> Outage.outlast(() -> fail(shuttingDown), () -> true))
        .isSameAs(shuttingDown);
    Superseded superseded = new Superseded(new Lease(new UUID(0, 1), 1));
    assertThatThrownBy(() -> Outage.outlast(() -> fail(superseded), () -> false))
        .isSameAs(superseded);
  }

  private static String fail(RuntimeException failure) {
    throw failure;
  }
}
