package dev.onecycle.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.http.SlowBodies.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;

class SlowBodiesTest {

  @Test
  void everyByteBuysTime() {
    Pace pace = new Pace(Duration.ofSeconds(5), 1_000);
    assertThat(pace.keeps(Duration.ZERO, 0)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(5), 0)).isTrue();
    assertThat(pace.keeps(Duration.ofMillis(5_001), 0)).isFalse();
    assertThat(pace.keeps(Duration.ofMillis(5_001), 1)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(15), 10_000)).isTrue();
    assertThat(pace.keeps(Duration.ofSeconds(15), 9_999)).isFalse();
  }

  @Test
  void aPhoneKeepsTheDefaultPace() {
    int speed = (int) new Binder().bindOrCreate("", HttpProperties.class).slowestBody().toBytes();
    Pace pace = new Pace(Duration.ofSeconds(5), speed);
    assertThat(pace.keeps(Duration.ofMinutes(1), 60 * 40_000)).isTrue();
    assertThat(pace.keeps(Duration.ofMinutes(1), 60 * 10_000)).isFalse();
    assertThat(pace.keeps(Duration.ofHours(24), 8L << 30)).isTrue();
    assertThat(pace.keeps(Duration.ofDays(30), 8L << 30)).isFalse();
  }
}
