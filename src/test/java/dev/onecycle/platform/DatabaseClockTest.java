package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class DatabaseClockTest {

  private static final DriverManagerDataSource DATABASE =
      new DriverManagerDataSource("jdbc:h2:mem:clock");

  @Test
  void tellsTheDatabasesTimeWhateverTheMachineThinks() {
    Instant wrong = Instant.parse("2020-02-20T20:20:20Z");
    Clock clock = new DatabaseClock(Clock.fixed(wrong, ZoneOffset.UTC), DATABASE);
    assertThat(clock.instant())
        .isCloseTo(Clock.systemUTC().instant(), within(30, ChronoUnit.SECONDS));
  }

  @Test
  void doesNotFollowTheNoiseOfTheNetwork() {
    Clock machine = Clock.systemUTC();
    DatabaseClock clock = new DatabaseClock(machine, DATABASE);
    Instant before = machine.instant();
    clock.measure();
    assertThat(clock.instant()).isAfterOrEqualTo(before);
  }

  @Test
  void doesNotStartWithoutADatabase() {
    DriverManagerDataSource gone =
        new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/gone?connectTimeout=1");
    assertThatIllegalStateException()
        .isThrownBy(() -> new DatabaseClock(Clock.systemUTC(), gone))
        .withMessageContaining("does not tell the time");
  }
}
