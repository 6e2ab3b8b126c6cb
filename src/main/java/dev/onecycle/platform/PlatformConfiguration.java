package dev.onecycle.platform;

import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clock that every room takes its time from. */
@Configuration(proxyBeanMethods = false)
class PlatformConfiguration {

  /** UTC, cut to microseconds: what both databases keep, so that a time read back equals itself. */
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
  }
}
