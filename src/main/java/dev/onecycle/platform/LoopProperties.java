package dev.onecycle.platform;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the watch over {@link Loop}s.
 *
 * @param maxSilence how much later than usual one may turn before it counts as hanging
 */
@ConfigurationProperties("onecycle.loop")
record LoopProperties(@DefaultValue("2m") Duration maxSilence) {

  private static final Duration SHORTEST = Duration.ofMillis(100);

  LoopProperties {
    if (maxSilence.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "onecycle.loop.max-silence " + maxSilence + " is less than " + SHORTEST);
    }
  }
}
