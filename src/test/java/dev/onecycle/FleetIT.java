package dev.onecycle;

import java.time.Duration;

/** Two workers, a few runs, an outage of seconds. */
class FleetIT extends FleetStory {

  FleetIT() {
    super(2, 8, Duration.ofSeconds(1), Duration.ofSeconds(6));
  }
}
