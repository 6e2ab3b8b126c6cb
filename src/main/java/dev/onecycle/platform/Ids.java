package dev.onecycle.platform;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * UUIDs of version 7 (RFC 9562): milliseconds, 12 bits of a counter, 62 random bits. Each is
 * greater than all that this process made before, also when the clock stands still or jumps back.
 */
@Component
public class Ids {

  private static final long VARIANT = 1L << 63;
  private static final long RANDOM_BITS = (1L << 62) - 1;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** Milliseconds and counter of the last id, as one number. */
  private final AtomicLong last = new AtomicLong();

  public Ids(Clock clock) {
    this.clock = clock;
  }

  /** Returns the next id. Safe for any number of threads. */
  public UUID next() {
    // Not clock.millis(): a clock that ticks in microseconds divides by zero there (JDK 17).
    long now = clock.instant().toEpochMilli() << 12;
    long tick = last.updateAndGet(before -> Math.max(now, before + 1));
    long high = (tick >>> 12) << 16 | 7L << 12 | (tick & 0xFFF);
    return new UUID(high, VARIANT | (random.nextLong() & RANDOM_BITS));
  }
}
