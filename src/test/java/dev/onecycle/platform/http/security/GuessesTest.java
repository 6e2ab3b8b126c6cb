package dev.onecycle.platform.http.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GuessesTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Guesses guesses = new Guesses(clock);

  private Duration wrong(int times, String address) {
    for (int i = 1; i < times; i++) {
      guesses.wrong(address);
    }
    return guesses.wrong(address);
  }

  @Test
  void tenAMinuteAreAllowedFromAnAddress() {
    assertThat(wrong(10, "192.0.2.1")).isZero();
    clock.advance(Duration.ofSeconds(20));
    assertThat(wrong(1, "192.0.2.1")).isEqualTo(Duration.ofSeconds(40));
    assertThat(wrong(10, "192.0.2.2")).isZero();
    clock.advance(Duration.ofSeconds(40));
    assertThat(wrong(10, "192.0.2.1")).isZero();
    assertThat(wrong(1, "192.0.2.1")).isPositive();
  }

  @Test
  void anIpv6NetworkIsOneAddress() {
    assertThat(wrong(10, "2001:db8:0:1::1")).isZero();
    assertThat(wrong(1, "2001:db8:0:1:ffff::2")).isPositive();
    assertThat(wrong(1, "2001:db8:0:2::1")).isZero();
  }

  @Test
  void onlySoManyAddressesAreRemembered() {
    wrong(11, "192.0.2.1");
    for (int i = 0; i < Guesses.REMEMBERED - 1; i++) {
      guesses.wrong("10.1." + i / 256 + "." + i % 256);
    }
    assertThat(guesses.wrong("192.0.2.1")).isPositive();
    for (int i = 0; i < Guesses.REMEMBERED; i++) {
      guesses.wrong("10.2." + i / 256 + "." + i % 256);
    }
    assertThat(guesses.wrong("192.0.2.1")).as("forgotten").isZero();
  }
}
