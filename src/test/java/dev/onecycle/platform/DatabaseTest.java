package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {

  private static final String H2 = "jdbc:h2:file:/srv/onecycle/onecycle";

  @ParameterizedTest
  @EnumSource
  void severalProcessesShareAPostgres(Role role) {
    assertThat(Database.of("jdbc:postgresql://db/onecycle", role).shared()).isTrue();
  }

  @Test
  void oneProcessDoesEverythingOnH2() {
    assertThat(Database.of(H2, Role.ALL).shared()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"API", "WORKER"})
  void refusesAPartOfTheServiceOnH2(Role role) {
    assertThatThrownBy(() -> Database.of(H2, role))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("onecycle.role is " + role.toString().toLowerCase(Locale.ROOT))
        .extracting(refused -> ((StartRefused) refused).fix())
        .asString()
        .contains("PostgreSQL");
  }
}
