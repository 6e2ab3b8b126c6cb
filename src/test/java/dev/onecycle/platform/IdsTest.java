package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Ids ids = new Ids(Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void carriesVersionVariantAndTime() {
    UUID id = ids.next();
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
  }

  @Test
  void growsWhileTheClockStands() {
    UUID before = ids.next();
    for (int i = 0; i < 10_000; i++) {
      UUID next = ids.next();
      assertThat(next).isGreaterThan(before);
      before = next;
    }
  }

  @Test
  void isUniqueAcrossThreads() {
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20_000)
        .parallel()
        .forEach(i -> assertThat(seen.add(ids.next().getMostSignificantBits())).isTrue());
  }
}
