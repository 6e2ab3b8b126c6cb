package dev.onecycle.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock in UTC that stands until it is moved. */
public final class SettableClock extends Clock {

  private Instant now;

  /** A clock that stands at {@code now}. */
  public SettableClock(Instant now) {
    this.now = now;
  }

  /** Moves it on. */
  public void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource source = () -> instant();
    return source.withZone(zone);
  }
}
